-- Which version of the sequence and of the law a decision followed. Traces and contributions are kept as lists of lists from
-- here on; both forms are read.
alter table decision add column sequence_version int, add column law text;
