-- Who has to act next on a referral, and by when: the record's table is made anew and refolded from the
-- ledger by itself, because the text of its step has changed. A nurse to whom somebody brings the slip of
-- another facility claims the referral; that is noted.

DROP TABLE referral;

-- A referral with the state that its events give it. Overdue is what has `due_at` <= now, and nothing else;
-- open is what has a `due_at`.
CREATE TABLE referral (
  unit             BIGINT  NOT NULL,  -- community health unit
  household        BIGINT  NOT NULL,  -- household
  person           BIGINT  NOT NULL,  -- who was referred
  referral         BIGINT  NOT NULL,  -- id of the referral.made event
  code             TEXT    NOT NULL,  -- short human code on the slip
  class            TEXT    NOT NULL,  -- emergency, urgent, priority, routine
  facility         TEXT,              -- master facility code of the facility referred to
  reason           TEXT,              -- coded reason
  given            TEXT,              -- treatment given before the referral
  author           BIGINT  NOT NULL,  -- worker who referred
  area             BIGINT,            -- her area at the time
  made_at          BIGINT  NOT NULL,  -- when it was made
  made_day         INTEGER NOT NULL,  -- local day of that
  owner            TEXT    NOT NULL,  -- who has to act next: chp, cha, facility; nobody = it has ended
  due_at           BIGINT,            -- not acted by then: overdue; NULL = it has ended
  escalate_at      BIGINT,            -- not acted by then: the supervisor's too; NULL = it has ended
  state            TEXT    NOT NULL,  -- made, arrived, seen, traced, not_found, declined, refused, elsewhere, moved, died, cancelled, closed
  state_event      BIGINT  NOT NULL,  -- the event that gave it that state
  state_at         BIGINT  NOT NULL,  -- when that state began
  arrived_at       BIGINT,            -- when the person arrived
  seen_at          BIGINT,            -- when an outcome was recorded
  outcome          TEXT,              -- treated, admitted, referred_on, died, not_treated
  evidence         TEXT,              -- grade of the arrival or outcome: facility_record, facility_desk, slip, promoter_saw, client_says
  seen_by          TEXT,              -- master facility code where the outcome was recorded
  advice           TEXT,              -- what to do at home
  return_day       INTEGER,           -- next date at the facility
  return_kept      INTEGER,           -- 1 = that date was kept, 0 = it was not; NULL = nobody has said
  trace_reason     TEXT,              -- why the person did not go, as found last
  decline_reason   TEXT,              -- why the facility could not help
  close_reason     TEXT,              -- why it was closed without an outcome
  PRIMARY KEY (unit, household, person, referral)
) /* sqlite: WITHOUT ROWID */;

CREATE INDEX referral_open ON referral (unit, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX referral_made_on ON referral (unit, made_day);
CREATE INDEX referral_to ON referral (facility, state, made_day);
CREATE INDEX referral_open_to ON referral (facility, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX referral_by_code ON referral (code);

CREATE TABLE referral_claim (
  unit     BIGINT NOT NULL,         -- unit of the referral
  referral BIGINT NOT NULL,         -- the referral
  account  BIGINT NOT NULL,         -- the nurse
  at       BIGINT NOT NULL,         -- when
  PRIMARY KEY (unit, referral, account)
) /* sqlite: WITHOUT ROWID */;
