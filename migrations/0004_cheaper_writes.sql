-- Not strict, so that the planner can put the expression in place of the call: a strict function whose body is not
-- strict is called for every row.
create or replace function at_ms(ms bigint) returns timestamptz
    language sql immutable parallel safe as $$ select to_timestamp(nullif(ms, 0) / 1000.0::float8) $$;

-- Documents of a few kilobytes are compressed at every write; lz4 does it at a tenth of the cost where the server has it.
do $$
begin
    alter table person alter column doc set compression lz4;
    alter table cart alter column doc set compression lz4;
    alter table cart alter column score set compression lz4;
    alter table shop_order alter column doc set compression lz4;
    alter table decision alter column trace set compression lz4;
exception when feature_not_supported then
    null;
end
$$;
