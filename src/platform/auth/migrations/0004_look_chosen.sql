-- A language and theme that nobody chose are not put over what the browser asks for.
alter table person add column look_chosen boolean not null default false;
