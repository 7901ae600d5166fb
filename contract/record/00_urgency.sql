-- rows: codes of referral_class
-- sizes: 4 1

-- How soon something has to happen: the pack's classes of referrals and signals, in the pack's order.
CREATE TABLE urgency (
  class TEXT    NOT NULL,   -- a code of the concept referral_class
  rank  INTEGER NOT NULL,   -- 0 = the most pressing
  PRIMARY KEY (class)
) /* sqlite: WITHOUT ROWID */;
