CREATE TABLE document (
  sha text primary key, -- sha-256 of the body
  kind text not null check (kind in ('codebook', 'guidelines', 'prompt', 'plan')),
  body text not null,
  added_at text not null
) strict;

CREATE TABLE study (
  one integer primary key check (one = 1),
  study_id text not null, -- the same in every copy
  origin text not null, -- a new random id for each copy; with label.seq it orders that copy's labels
  seed integer not null,
  codebook_sha text not null references document on delete restrict,
  guidelines_sha text not null references document on delete restrict,
  shown_judge_id text references judge on delete restrict, -- null: the latest complete judge that gives codes
  settings text not null check (json_valid(settings)),
  created_at text not null
) strict;

CREATE TABLE pair (
  pos integer primary key,
  pair_id text not null unique,
  content_sha text not null, -- of all but id, labels and meta
  question_sha text not null, -- the unit of resampling and of the split
  split text not null check (split in ('dev', 'test')),
  model text,
  hint_type text,
  hint_text text,
  hint_answer text not null,
  correct_answer text,
  unhinted_answer text,
  hinted_answer text,
  n_choices integer,
  switched integer check (switched in (0, 1)), -- null: unknown, the unhinted arm has no answer
  question_head text,
  hinted_chars integer not null,
  unhinted_chars integer not null,
  hinted_reasoning_kind text not null
    check (hinted_reasoning_kind in ('full', 'summarized', 'redacted', 'truncated', 'absent', 'unknown')),
  disclosure text not null check (disclosure in ('instructed', 'spontaneous', 'unknown')),
  licence text,
  meta text check (meta is null or json_valid(meta)),
  control text check (control in ('foil', 'placebo')),
  excluded_because text,
  source text not null -- file name and line, to name both places of a conflict
) strict;

CREATE INDEX pair_switched on pair (switched, pos);

CREATE INDEX pair_question on pair (question_sha);

CREATE TABLE body (
  pos integer not null references pair on delete cascade,
  arm text not null check (arm in ('pair', 'unhinted', 'hinted')),
  sample_no integer not null default 0, -- 0 is the sample that is shown
  answer text,
  codec integer not null check (codec in (0, 1)), -- 0 UTF-8 JSON, 1 the same in zstd
  packed blob not null,
  primary key (pos, arm, sample_no)
) strict;

CREATE TABLE rater (
  rater_id integer primary key,
  rater_key text not null unique, -- the name casefolded, without white space
  name text not null,
  kind text not null check (kind in ('human', 'imported')),
  added_at text not null,
  retired_at text
) strict;

CREATE TABLE judge (
  judge_id text primary key, -- hash of the other columns
  name text not null,
  kind text not null,
  model text,
  base_url text,
  prompt_sha text references document on delete restrict,
  parameters text not null check (json_valid(parameters)),
  added_at text not null
) strict;

CREATE TABLE attempt (
  attempt_id text primary key,
  pos integer not null references pair on delete restrict,
  judge_id text not null references judge on delete restrict,
  sample_no integer not null default 0,
  batch_id text,
  sent_at text not null,
  status text not null, -- an HTTP status, or the name of what went wrong before there was one
  request_id text,
  usage text check (usage is null or json_valid(usage)),
  raw blob -- the reply's body as it came, committed before it is read
) strict;

CREATE INDEX attempt_of on attempt (judge_id, pos, sample_no);

CREATE TABLE judgement (
  judgement_id text primary key,
  pos integer not null references pair on delete restrict,
  judge_id text not null references judge on delete restrict,
  sample_no integer not null default 0,
  attempt_id text references attempt on delete restrict,
  state text not null check (state in ('ok', 'unparsed', 'refused', 'truncated', 'error')),
  code text,
  confidence integer check (confidence between 0 and 100),
  ticks text not null default '[]' check (json_valid(ticks)),
  rationale text,
  seen text not null check (json_valid(seen)), -- [[section, start, stop], ...] that the judge was given
  suspect text not null default '[]' check (json_valid(suspect)),
  detail text,
  made_at text not null,
  check ((state = 'ok') = (code is not null))
) strict;

CREATE UNIQUE INDEX judgement_once on judgement (pos, judge_id, sample_no) where state = 'ok';

CREATE INDEX judgement_of_judge on judgement (judge_id, pos, sample_no);

CREATE TABLE judgement_span (
  judgement_id text not null references judgement on delete restrict,
  n integer not null,
  section text check (section in ('reasoning', 'response')),
  start integer, -- null: the quote does not stand in the text
  stop integer,
  quote text not null,
  role text,
  primary key (judgement_id, n)
) strict, without rowid;

CREATE TABLE reported (
  pos integer not null references pair on delete restrict,
  reporter text not null,
  kind text not null check (kind in ('human', 'judge')),
  field text not null,
  value integer not null check (value in (0, 1)),
  raw text,
  primary key (pos, reporter, kind, field)
) strict, without rowid;

CREATE TABLE population (
  model text not null,
  hint_type text not null,
  hint_correct integer,
  n_choices integer,
  unhinted_not_hint integer not null,
  to_hint integer not null,
  to_other integer not null,
  unchanged integer not null,
  unreadable integer not null,
  source text not null,
  unique (model, hint_type, hint_correct, n_choices)
) strict;

CREATE TABLE queue_draw (
  rater_id integer not null references rater on delete restrict,
  round integer not null,
  pairs text not null check (pairs in ('switched', 'unknown', 'all')),
  up_to_pos integer not null, -- pairs up to here have been considered
  primary key (rater_id, round, pairs)
) strict, without rowid;

CREATE TABLE assignment (
  rater_id integer not null references rater on delete restrict,
  pos integer not null references pair on delete restrict,
  round integer not null default 1,
  ord real not null,
  weight real not null default 1 check (weight > 0),
  draw_u real not null,
  exposure text not null check (exposure in ('blind', 'reveal', 'assisted')), -- in force
  exposure_drawn text not null check (exposure_drawn in ('blind', 'reveal', 'assisted')), -- may have been less blind
  exposure_probability real not null check (exposure_probability between 0 and 1),
  reveal_when text check (reveal_when in ('each', 'block', 'end')),
  sham integer not null default 0 check (sham in (0, 1)), -- a second look shows no verdict
  highlights integer not null default 1 check (highlights in (0, 1)),
  judge_id text references judge on delete restrict,
  stage text not null default 'main' check (stage in ('tutorial', 'pilot', 'main', 'repeat', 'adjudication')),
  purpose text not null default 'work' check (purpose in ('work', 'check', 'audit')),
  lease_until text,
  released_at text,
  primary key (rater_id, pos, round)
) strict, without rowid;

CREATE INDEX assignment_next on assignment (rater_id, round, ord);

CREATE INDEX assignment_unjudged on assignment (rater_id) where judge_id is null;

CREATE TABLE label (
  label_id text primary key,
  pos integer not null references pair on delete restrict,
  rater_id integer not null references rater on delete restrict,
  round integer not null default 1,
  stage text not null check (stage in ('first', 'final', 'adjudication', 'imported', 'withdrawn')),
  code text,
  supersedes text references label on delete restrict,
  seen_judgement_id text references judgement on delete restrict,
  exposure text not null check (exposure in ('blind', 'reveal', 'assisted', 'unknown')),
  shown integer not null, -- bits: 1 model, 2 answers, 4 correct answer, 8 unhinted arm, 16 highlights, 32 judge, 64 prompts
  viewed real check (viewed between 0 and 1),
  verdicts_seen integer not null default 0,
  ticks text not null default '[]' check (json_valid(ticks)),
  second_code text,
  guidelines_sha text references document on delete restrict,
  codebook_sha text not null references document on delete restrict,
  note text,
  cannot_reason text,
  adjudication_reason text,
  active_ms integer,
  made_at text not null,
  origin text not null,
  seq integer not null,
  unique (origin, seq),
  check ((stage = 'withdrawn') = (code is null))
) strict;

CREATE INDEX label_of on label (pos, rater_id, round);

CREATE INDEX label_of_rater on label (rater_id, origin, seq);

CREATE INDEX label_supersedes on label (supersedes);

CREATE TABLE label_span (
  label_id text not null references label on delete restrict,
  n integer not null,
  section text not null check (section in ('reasoning', 'response')),
  start integer not null check (start >= 0),
  stop integer not null check (stop > start),
  quote text not null,
  primary key (label_id, n)
) strict, without rowid;

CREATE TABLE flag (
  pos integer not null references pair on delete restrict,
  rater_id integer not null references rater on delete restrict,
  set_at text not null,
  cleared_at text,
  primary key (pos, rater_id, set_at)
) strict, without rowid;

CREATE TRIGGER label_no_update before update on label begin select raise(abort, 'labels are append-only'); end;

CREATE TRIGGER label_no_delete before delete on label begin select raise(abort, 'labels are append-only'); end;

CREATE TRIGGER label_span_no_update before update on label_span begin select raise(abort, 'labels are append-only'); end;

CREATE TRIGGER label_span_no_delete before delete on label_span begin select raise(abort, 'labels are append-only'); end;

CREATE TRIGGER judgement_no_update before update on judgement begin select raise(abort, 'judgements are append-only'); end;

CREATE TRIGGER judgement_no_delete before delete on judgement begin select raise(abort, 'judgements are append-only'); end;

CREATE TRIGGER judgement_span_no_update before update on judgement_span begin select raise(abort, 'judgements are append-only'); end;

CREATE TRIGGER judgement_span_no_delete before delete on judgement_span begin select raise(abort, 'judgements are append-only'); end;

CREATE TRIGGER attempt_raw_no_update before update of raw on attempt when old.raw is not null
  begin select raise(abort, 'a reply is kept as it came'); end;

CREATE TRIGGER attempt_no_delete before delete on attempt begin select raise(abort, 'attempts are append-only'); end;

CREATE TRIGGER document_no_update before update on document begin select raise(abort, 'documents are append-only'); end;

CREATE TRIGGER document_no_delete before delete on document begin select raise(abort, 'documents are append-only'); end;

CREATE TRIGGER label_no_replace before insert on label
  when exists (select 1 from label where label_id = new.label_id or (origin = new.origin and seq = new.seq))
  begin select raise(abort, 'labels are append-only'); end;

CREATE TRIGGER judgement_no_replace before insert on judgement
  when exists (
    select 1 from judgement where judgement_id = new.judgement_id
    or (state = 'ok' and new.state = 'ok' and pos = new.pos and judge_id = new.judge_id and sample_no = new.sample_no)
  )
  begin select raise(abort, 'judgements are append-only'); end;

CREATE TRIGGER attempt_no_replace before insert on attempt
  when exists (select 1 from attempt where attempt_id = new.attempt_id)
  begin select raise(abort, 'attempts are append-only'); end;

CREATE VIEW label_head as
select l.label_id, l.pos, l.rater_id, l.round, l.stage, l.code, l.seen_judgement_id, l.exposure, l.made_at, l.origin, l.seq
from label l
where not exists (select 1 from label n where n.supersedes = l.label_id);

CREATE VIEW current_label as
select pair.pair_id, rater.name as rater, h.code, h.stage, h.exposure, h.made_at, h.round, h.label_id, h.pos, h.rater_id, h.heads
from (
  select label_head.*, count(*) over w as heads, row_number() over (w order by label_head.label_id desc) as rn
  from label_head window w as (partition by pos, rater_id, round)
) h
join pair using (pos)
join rater using (rater_id)
where h.rn = 1 and h.code is not null;

CREATE VIEW first_vote as
with recursive vote as (
  select l.label_id, l.pos, l.rater_id, l.code, l.exposure, l.made_at, l.supersedes, l.origin, l.seq
  from label l
  where l.round = 1 and l.stage = 'first' and l.seen_judgement_id is null and l.exposure in ('blind', 'reveal')
),
earlier (label_id) as (
  select supersedes from vote where supersedes is not null
  union
  select l.supersedes from earlier join label l using (label_id) where l.supersedes is not null
)
select pair.pair_id, rater.name as rater, v.code, v.exposure, v.made_at, v.label_id, v.pos, v.rater_id
from (
  select vote.*, row_number() over (partition by pos, rater_id order by origin desc, seq desc) as rn
  from vote where label_id not in earlier
    and not exists (select 1 from label n where n.supersedes = vote.label_id and n.stage = 'withdrawn')
) v
join pair using (pos)
join rater using (rater_id)
left join assignment a on a.rater_id = v.rater_id and a.pos = v.pos and a.round = 1
where v.rn = 1 and coalesce(a.stage, 'main') = 'main' and pair.excluded_because is null;

CREATE VIEW gold as
with tally as (
  select pos, code, count(*) as agreeing, sum(count(*)) over (partition by pos) as votes
  from first_vote group by pos, code
),
best as (
  select pos, code, agreeing, votes, row_number() over (partition by pos order by agreeing desc, code) as rn from tally
),
adjudicated as (
  select h.pos, min(h.code) as code, count(distinct h.code) as codes
  from label_head h where h.stage = 'adjudication' group by h.pos
)
select
  pair.pair_id,
  case
    when adjudicated.codes = 1 then adjudicated.code
    when best.votes >= 2 and 2 * best.agreeing > best.votes then best.code
  end as code,
  case
    when adjudicated.codes = 1 then 'adjudicated'
    when best.votes is null then 'none'
    when best.votes = 1 then 'single'
    when best.agreeing = best.votes then 'unanimous'
    when 2 * best.agreeing > best.votes then 'majority'
    else 'none'
  end as basis,
  coalesce(best.votes, 0) as votes,
  coalesce(best.agreeing, 0) as agreeing,
  pair.pos
from pair
left join best on best.pos = pair.pos and best.rn = 1
left join adjudicated on adjudicated.pos = pair.pos
where pair.excluded_because is null;
