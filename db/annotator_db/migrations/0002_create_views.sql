-- The readable side of a study: what counts, for people with Datasette or the sqlite3 shell.

-- The ends of the supersedes chains. Two heads for one (pos, rater, round) are a merge conflict.
create view label_head as
select l.label_id, l.pos, l.rater_id, l.round, l.stage, l.code, l.seen_judgement_id, l.exposure, l.made_at, l.origin, l.seq
from label l
where not exists (select 1 from label n where n.supersedes = l.label_id);

-- What each rater says of each pair at present; a withdrawn label is none.
create view current_label as
select pair.pair_id, rater.name as rater, h.code, h.stage, h.exposure, h.made_at, h.round, h.label_id, h.pos, h.rater_id, h.heads
from (
  select label_head.*, count(*) over w as heads, row_number() over (w order by label_head.label_id desc) as rn
  from label_head window w as (partition by pos, rater_id, round)
) h
join pair using (pos)
join rater using (rater_id)
where h.rn = 1 and h.code is not null;

-- The last label of round 1 that a rater gave before any verdict on the pair had been shown; none, if that was withdrawn.
-- Only the main stage counts for agreement and gold. A restored history goes on in another copy of the study, so what is
-- last is told by the chain; seq orders one copy's labels only, and chains that a merge left side by side.
create view first_vote as
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

-- Adjudicated; else more than half of at least two first votes; else none. A single vote is no gold.
create view gold as
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
