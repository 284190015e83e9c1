-- What a send needs beyond its step and message: which request was made.
alter table message add column request_hash text;
comment on column message.request_hash is 'SHA-256 of what the provider was asked to send; the same for an exact repetition.';

-- Few are unknown at a time: for people, and for the callbacks that settle them.
create index message_unknown on message (planned_at, message_id) where status = 'unknown';
