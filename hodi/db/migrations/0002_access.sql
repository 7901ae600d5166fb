-- 0002: log-ins are counted before their password is looked at; phones know their chain of enrolments;
-- accounts and places can be retired; the access log can be read by time; the queue of the fold has times.
DROP TABLE login_failure;

CREATE TABLE login_attempt (
  subject  TEXT    NOT NULL,
  attempts INTEGER NOT NULL,
  last_at  BIGINT  NOT NULL,
  PRIMARY KEY (subject)
) /* sqlite: WITHOUT ROWID */;

CREATE INDEX login_attempt_by_age ON login_attempt (last_at);

-- Which number was made with which token is not known of earlier phones: one chain for each account.
ALTER TABLE device ADD COLUMN origin BIGINT;
UPDATE device SET origin = (SELECT MIN(d.device) FROM device d WHERE d.account = device.account);

ALTER TABLE touched ADD COLUMN touched_at BIGINT;
ALTER TABLE place ADD COLUMN retired_at BIGINT;
ALTER TABLE account ADD COLUMN retired_at BIGINT;
ALTER TABLE access_log ADD COLUMN about BIGINT;

CREATE INDEX access_log_by_time ON access_log (at, id);
CREATE INDEX access_log_of_account ON access_log (account, at, id);
