-- A supervisor has dealt with what does not hold of an answer: it leaves her list, and stays known.

ALTER TABLE answer_fault ADD COLUMN resolved_at BIGINT;
