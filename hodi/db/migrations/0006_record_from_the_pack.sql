-- What a programme adds to the record is made from the pack, and folded anew from the ledger.
DROP TABLE pregnancy;
DROP TABLE antenatal_contact;
DROP TABLE growth;
DROP TABLE illness;
DROP TABLE mobility;
DROP TABLE growth_reference;
DROP TABLE antenatal_schedule;
DELETE FROM setting WHERE name = 'fold_version';
