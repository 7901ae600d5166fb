-- Roles and owners of a referral's next step are the trade's words, not one country's.
UPDATE account SET role = 'promoter' WHERE role = 'chp';
UPDATE account SET role = 'supervisor' WHERE role = 'cha';
UPDATE account SET role = 'officer' WHERE role IN ('sub_county', 'county');
UPDATE referral SET owner = 'promoter' WHERE owner = 'chp';
UPDATE referral SET owner = 'supervisor' WHERE owner = 'cha';
