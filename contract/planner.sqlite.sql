-- What SQLite is to believe about the sizes of things, on the server and on phones.
--
-- Without statistics SQLite takes `unit = ?` for a choice of ten rows, and then reads a unit's whole ledger
-- where it should seek a household's few events. These rows are what ANALYZE finds in a district after a
-- year, rounded. They are fixed, so that plans are the same on every machine and on the first day:
-- number of rows, then rows that share the first column of the key, the first two, and so on.
-- Run when a store is opened (hodi/db/schema.py) and when a phone takes a pack into use.

ANALYZE sqlite_schema;
DELETE FROM sqlite_stat1 WHERE tbl IN (
  'event', 'observation', 'touched', 'amendment', 'household', 'person', 'departure', 'visit', 'visit_month',
  'finding', 'referral', 'signal_answer', 'signal', 'task_dismissal', 'task', 'rule_due',
  'calendar_month', 'place_fact'
);
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('event', 'event', '3000000 40000 1'),
  ('event', 'event_of_household', '3000000 40000 40 8 2'),
  ('observation', 'observation', '25000000 330000 9 1'),
  ('touched', 'touched', '2000 200 2 1'),
  ('amendment', 'amendment', '30000 400 1 1'),
  ('household', 'household', '75000 1000 1'),
  ('person', 'person', '375000 5000 5 1'),
  ('departure', 'departure', '15000 200 1 1 1'),
  ('visit', 'visit', '900000 12000 12 1 1'),
  ('visit_month', 'visit_month', '900000 12000 12 1'),
  ('finding', 'finding', '900000 12000 12 3 2 1 1'),
  ('referral', 'referral', '45000 600 2 1 1'),
  ('signal_answer', 'signal_answer', '30000 400 1 1 1 1'),
  ('signal', 'signal', '30000 400 1 1 1 1'),
  ('task_dismissal', 'task_dismissal', '15000 200 1 1 1 1'),
  ('task', 'task', '150000 2000 2 1 1 1'),
  ('rule_due', 'rule_due', '30000 400 1 1 1'),
  ('calendar_month', 'calendar_month', '852 1'),
  ('place_fact', 'place_fact', '1000 12 1 1');
ANALYZE sqlite_schema;
