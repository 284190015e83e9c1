-- Orders in which the admin API lists, and joins of its report, that the state's own indexes do not serve.

create index message_planned on message (shop_id, planned_at, message_id);
create index shop_order_cart on shop_order (shop_id, cart_id) where cart_id is not null;
