-- What is durable and may forbid a message, until it is folded: a claim looks here for the keys of its persons.
create table log_stop (
    key_hash   bigint not null,
    end_offset bigint not null,
    primary key (key_hash, end_offset)
);
create index log_stop_end on log_stop (end_offset);
comment on table log_stop is
    'Hashes of the keys of orders, payments, withdrawals and erasures on the log; end_offset is the offset behind their batch.';
