-- Instances that acknowledge events which are not on the log yet: nothing is sent while there is one.
create table log_detour (
    instance  text primary key,
    raised_at timestamptz not null
);
comment on table log_detour is
    'Spools that hold events. A row of a machine that is gone for good, with its spool, is deleted by hand.';
