-- The bodies of messages as well, and the other documents that were left out: pglz was two fifths of what storing a message cost.
do $$
begin
    alter table message alter column body_text set compression lz4;
    alter table message alter column body_html set compression lz4;
    alter table decision alter column score set compression lz4;
    alter table payment alter column doc set compression lz4;
    alter table variant alter column doc set compression lz4;
    alter table coupon alter column doc set compression lz4;
    alter table idempotency alter column body set compression lz4;
    alter table data_export alter column doc set compression lz4;
exception when feature_not_supported then
    null;
end
$$;
