-- The same as contract/planner.sqlite.sql for what only the server has, run after it. (Few referrals of a unit
-- are in a state that is not an end: hence twenty.)

ANALYZE sqlite_schema;
DELETE FROM sqlite_stat1 WHERE tbl IN (
  'unit_cursor', 'home', 'feed', 'quarantine', 'quarantine_content', 'device_usage', 'place', 'post', 'account',
  'device', 'session', 'access_log', 'referral', 'event', 'departure', 'task', 'indicator_value', 'indicator_due',
  'household'
);
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('event', 'event', '3000000 40000 1'),
  ('event', 'event_of_household', '3000000 40000 40 8 2'),
  ('event', 'event_in_commit_order', '3000000 40000 1'),
  ('indicator_value', 'indicator_value', '100000 1300 100 20 2 1'),
  ('indicator_due', 'indicator_due', '10000 130 13 1'),
  ('indicator_due', 'indicator_due_at', '10000 2000 100 13'),
  ('household', 'household', '75000 1000 1'),
  ('household', 'household_of_area', '75000 1000 100'),
  ('unit_cursor', 'unit_cursor', '75 1'),
  ('home', 'home', '75000 1000 1'),
  ('home', 'home_of_area', '75000 1000 100'),
  ('feed', 'feed', '3000000 40000 4000 3500 1'),
  ('quarantine', 'quarantine', '1000 1'),
  ('quarantine', 'quarantine_of_unit', '1000 15 5 1'),
  ('quarantine', 'quarantine_of_device', '1000 15 3 3 1 1'),
  ('quarantine_content', 'quarantine_content', '1000 1'),
  ('device_usage', 'device_usage', '1500 20 1 1'),
  ('place', 'place', '1000 1'),
  ('place', 'place_in', '1000 10 8'),
  ('place', 'place_by_code', '1000 200 1'),
  ('post', 'post', '1000 1 1'),
  ('post', 'post_at', '1000 1'),
  ('account', 'account', '1000 1'),
  ('account', 'account_by_username', '1000 1'),
  ('device', 'device', '1500 1'),
  ('device', 'device_by_token', '1500 1'),
  ('device', 'device_of_area', '1500 20 2'),
  ('session', 'session', '500 1'),
  ('session', 'session_of_account', '500 2'),
  ('access_log', 'access_log', '2000000 1'),
  ('access_log', 'access_log_of_person', '2000000 30000 30 6 1'),
  ('referral', 'referral', '45000 600 2 1 1'),
  ('referral', 'referral_open', '900 60 2'),
  ('referral', 'referral_open_to', '900 150 2'),
  ('referral', 'referral_made_on', '45000 600 3'),
  ('referral', 'referral_to', '45000 900 150 3'),
  ('referral', 'referral_by_code', '45000 1'),
  ('departure', 'departure', '15000 200 1 1 1'),
  ('departure', 'departure_waiting', '300 4 1'),
  ('task', 'task', '150000 2000 2 1 1 1'),
  ('task', 'task_open', '90000 1200 40');
ANALYZE sqlite_schema;
