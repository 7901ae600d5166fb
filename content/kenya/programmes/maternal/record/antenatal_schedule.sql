-- antenatal_schedule: the weeks at which a pregnant woman is to be seen at the clinic.
--
-- Source: eight contacts of WHO's recommendations on antenatal care 2016, as in the national handbook.
-- rows: antenatal_schedule.csv
-- sizes: 8 1

-- Antenatal contacts a pregnancy should have.
CREATE TABLE antenatal_schedule (
  contact INTEGER NOT NULL,     -- first, second, …
  week    INTEGER NOT NULL,     -- completed weeks of pregnancy at which it is due
  PRIMARY KEY (contact)
) /* sqlite: WITHOUT ROWID */;
