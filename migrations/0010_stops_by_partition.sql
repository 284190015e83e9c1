-- Stops of a Kafka log too: noted by partition before the sender hears 2xx, forgotten with the fold of their place.
alter table log_stop
    add column log       text not null default 'postgres',
    add column partition int not null default 0;
alter table log_stop drop constraint log_stop_pkey;
alter table log_stop add primary key (key_hash, log, partition, end_offset);
drop index log_stop_end;
create index log_stop_place on log_stop (log, partition, end_offset);
