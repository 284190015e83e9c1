-- A message's outcome is written into its page (HOT): no index names a column that an outcome changes, and half of each page is free.
-- Of six indexes and the row they cost, that was more than all the rest of a send.
create table unknown_message (
    message_id text not null,
    shop_id    text not null,
    planned_at timestamptz not null,
    primary key (message_id, shop_id)
);
create index unknown_message_planned on unknown_message (planned_at, message_id);
comment on table unknown_message is 'The messages whose status is unknown; kept by triggers.';
insert into unknown_message select message_id, shop_id, planned_at from message where status = 'unknown';

create function note_unknown_message() returns trigger language plpgsql as $$
begin
    if tg_op <> 'DELETE' and new.status = 'unknown' then
        insert into unknown_message values (new.message_id, new.shop_id, new.planned_at) on conflict do nothing;
    else
        delete from unknown_message where message_id = old.message_id and shop_id = old.shop_id;
    end if;
    return null;
end $$;
create trigger message_becomes_unknown after insert on message for each row when (new.status = 'unknown') execute function note_unknown_message();
create trigger message_is_unknown after update of status on message for each row
    when (old.status is distinct from new.status and 'unknown' in (old.status, new.status)) execute function note_unknown_message();
create trigger message_is_gone after delete on message for each row when (old.status = 'unknown') execute function note_unknown_message();

drop index message_unknown;
-- Reports ask for a time of many days; rows lie in its order.
drop index message_created;
create index message_created on message using brin (created_at);
alter table message set (fillfactor = 50);
