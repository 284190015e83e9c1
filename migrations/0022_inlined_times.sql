-- extract(epoch from a timestamptz) is only stable, so that a function that calls itself immutable was never inlined: seven calls
-- for each step that is decided, each as dear as a small query. An interval's epoch is immutable.
create or replace function ms_of(at timestamptz) returns bigint
    language sql immutable parallel safe as $$ select coalesce((date_part('epoch', at - timestamptz 'epoch') * 1000)::bigint, 0) $$;
