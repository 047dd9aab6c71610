-- Mails under way and, in a sandbox without an SMTP server, its inbox. Address, subject and text are sealed: an address is
-- personal data, and a text may hold a one-time link. Rows go 30 days after sending.
create table message (
  id text primary key,
  kind text not null,
  recipient_sealed text not null,
  subject_sealed text not null,
  text_sealed text not null,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'kept')),
  created_at timestamptz not null default now(),
  sent_at timestamptz
);
create index message_kept on message (id desc) where state = 'kept';
create index message_sent_at on message (sent_at) where sent_at is not null;
create index message_created_at on message (created_at);
