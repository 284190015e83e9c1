-- An enrollment knows when its steps are due and finds them by that: the index by whose they are was a quarter of what planning cost.
alter table enrollment add column due_ms bigint[];
comment on column enrollment.due_ms is 'When the steps of its plan are due, in milliseconds since 1970, as they were planned.';
update enrollment e set due_ms = array(select ms_of(s.due_at) from step s where s.enrollment_id = e.enrollment_id and s.plan = e.plan order by 1)
where status = 'active';
drop index step_enrollment;
