-- growth_reference: what WHO's growth standards say of every age, length and height.
--
-- Source: WHO Child Growth Standards, Methods and development, 2006 and 2007, by day and by millimetre.
-- rows: who_growth_standards
-- sizes: 13184 2637 1319 1

-- WHO growth reference, unrounded as published. Axis: age in days, or length/height in millimetres.
CREATE TABLE growth_reference (
  measure TEXT    NOT NULL,          -- weight_for_age, length_height_for_age, weight_for_length, weight_for_height, muac_for_age
  sex     TEXT    NOT NULL,          -- male, female
  axis    INTEGER NOT NULL,          -- age in days, or length/height in mm
  l       DOUBLE PRECISION NOT NULL, -- lambda
  m       DOUBLE PRECISION NOT NULL, -- median
  s       DOUBLE PRECISION NOT NULL, -- coefficient of variation
  PRIMARY KEY (measure, sex, axis)
) /* sqlite: WITHOUT ROWID */;
