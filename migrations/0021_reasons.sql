-- The reasons of decisions, for those who ask in SQL. `recoup migrate up` keeps it as the program has them.
create table reason (
    reason   text primary key,
    healthy  boolean not null,
    sentence text not null
);
comment on table reason is 'Every reason a decision, message or enrollment can have; not healthy: someone should act.';
