-- The edges move twenty times a second under load. As one row that is updated they left, while some transaction kept Postgres from
-- vacuuming, a version for each move, and every claim walked over all of them. Now each move is a row, and the newest counts: it is at
-- the end of its index, whatever lies before.
create table edge (
    edge_id bigint generated always as identity primary key,
    low     timestamptz not null,
    until   timestamptz not null
);
insert into edge (low, until) select low, until from promotion;
drop table promotion;
create view promotion as select edge_id, low, until from edge order by edge_id desc limit 1;
comment on table edge is 'Where the edges in time were moved to; the newest row is where they are, see promotion.';
comment on view promotion is 'Every planned step due before `until` is in lease, the others are in step; no planned one in lease is due before `low`.';
