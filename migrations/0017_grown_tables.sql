-- While little is known of a table, every index that begins with the shop looks as good as the one that leads to the row, and a plan
-- made then reads all that the shop has. Autovacuum looks once a minute, in which a new installation may have grown a hundredfold.
create function analyze_grown() returns int language plpgsql as $$
declare
    grown regclass;
    analyzed int := 0;
begin
    for grown in select s.relid::regclass from pg_stat_user_tables s join pg_class c on c.oid = s.relid
                  where s.schemaname = current_schema() and s.n_mod_since_analyze > greatest(1000, 2 * c.reltuples)
                    and s.relname not in ('lease', 'claim', 'log_stop', 'unknown_message') loop
        execute format('analyze %s', grown);
        analyzed := analyzed + 1;
    end loop;
    return analyzed;
end $$;
comment on function analyze_grown is 'Gathers statistics of tables that grew to several times what is known of them; not of those that come and go.';
