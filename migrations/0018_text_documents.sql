-- The two documents that nearly every event writes anew, as plain text: a json column reads its value through once more to see
-- that it is JSON, and nothing but the daemon writes them. To look inside: doc::json.
alter table person alter column doc type text using doc::text;
alter table cart alter column doc type text using doc::text;

-- The change of type forgot how they are compressed.
do $$
begin
    alter table person alter column doc set compression lz4;
    alter table cart alter column doc set compression lz4;
exception when feature_not_supported then
    null;
end
$$;
