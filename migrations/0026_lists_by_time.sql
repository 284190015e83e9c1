-- An index by time that ends with the id looks, while little is known of a table, as good a way to one id as the primary key, and reads
-- all that the shop has. Lists sort what came in the same millisecond themselves.
drop index message_planned;
create index message_planned on message (shop_id, planned_at);
drop index enrollment_opened;
create index enrollment_opened on enrollment (shop_id, opened_at);
