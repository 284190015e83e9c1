-- Once a day leases that are over are swept out. There are few; without an index they were looked for among all that lay dead while some
-- transaction kept Postgres from vacuuming.
create index lease_over on lease (shop_id) where state in ('done', 'skipped', 'void');
