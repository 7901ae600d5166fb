-- A place's identifier in the country's health management information system is called by what it is.
ALTER TABLE place RENAME COLUMN khis_uid TO hmis_uid;
