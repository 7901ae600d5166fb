-- Statements of the rules.

-- name: rules_due
-- The rules whose time has come, for some household.
SELECT DISTINCT code FROM rule_due WHERE until <= CASE turn WHEN 'day' THEN :today ELSE :now END;
