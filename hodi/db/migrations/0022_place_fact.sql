-- What the pack says of the places that areas lie in, for forms and rules.
CREATE TABLE place_fact (
  unit  BIGINT NOT NULL,        -- community health unit
  area  BIGINT NOT NULL,        -- promoter's area in it
  fact  TEXT   NOT NULL,        -- concept from the pack's concepts.csv
  value TEXT   NOT NULL,        -- one of its codes
  PRIMARY KEY (unit, area, fact)
) /* sqlite: WITHOUT ROWID */;
