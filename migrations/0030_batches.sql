-- Steps that are due are taken where they lie, many at once: `taken` is an edge in time that claims move ahead, and what lay between where
-- it was and where it is now is a batch, one row until its steps are decided. A step that is skipped leaves no other trace than that.
create table taken (
    taken_id  bigint primary key,
    at        timestamptz not null,
    open_from bigint not null
);
insert into taken select 1, until, 1 from promotion;   -- all that is due before has its row in lease
comment on table taken is 'Where the edge was moved to; the newest row is where it is.';
comment on column taken.open_from is 'No batch with a smaller id is open any more: dead rows below are not walked over.';

create table batch (
    batch_id bigint primary key,
    from_at  timestamptz not null,
    to_at    timestamptz not null
);
comment on table batch is 'Steps due from from_at on and before to_at were taken together and are not decided yet; who holds the row decides.';

-- Nearly all leases are those of steps that are being sent from the start: among them nobody looks for what is planned.
drop index lease_due;
create index lease_planned on lease (due_at) where state = 'planned';
create index lease_sending on lease (due_at) where state = 'sending';

drop view promotion;
create view edges as
select e.low, e.until, t.at as taken, t.open_from
  from (select low, until from edge order by edge_id desc limit 1) e,
       (select at, open_from from taken order by taken_id desc limit 1) t;
comment on view edges is 'What is planned to be due before `until` goes to lease, later steps go to step. Of step, what is due before `taken` was taken; no planned one of lease is due before `low`.';
comment on table edge is 'Where the edges in time were moved to; the newest row is where they are, see edges.';
comment on table step is 'Planned steps, due from edges.until of their time on: inserted once, dropped by the day.';
comment on table lease is 'Steps that were planned when they were nearly due, that wait or are being sent, and those whose outcome is unknown.';
