//! Three months of an office that does not exist.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use fastrand::Rng;

use super::case::{Approval, Case, Loss, Method};
use super::names::*;
use super::plants::{self, MONTHLY, Plant, SPLIT_DAYS};
use super::record::Record;
use super::table::Ledger;
use super::timeline::{Pace, later, walk};
use super::{appeals, improvements, monthly, receipts, receivables, returns, sanctions, slips, trail};

pub const YEAR: i32 = 2026;
pub const MONTHS: [u32; 3] = [8, 9, 10];

/// What happened, and what was done wrong on purpose.
pub struct Office {
    /// A month each, by rising day of acceptance.
    pub months: Vec<Vec<Case>>,
    /// `(case number, plant)`
    pub planted: Vec<(String, Plant)>,
    /// `(subject, rule)` of the slips in the records that go with the cases
    pub slips: Vec<(String, &'static str)>,
    pub ledgers: BTreeMap<Ledger, Vec<Record>>,
}

impl Office {
    pub fn ledger(&self, ledger: Ledger) -> &[Record] {
        self.ledgers.get(&ledger).map_or(&[], Vec::as_slice)
    }

    /// By day of closing; of the months that are reported on.
    pub fn closed_in(&self, month: u32) -> Vec<(&Case, NaiveDate)> {
        let mut cases: Vec<_> = self.months.iter().flatten().filter_map(|case| Some((case, closed_in_month(case, month)?))).collect();
        cases.sort_by_key(|(case, closed)| (*closed, case.number.clone()));
        cases
    }

    pub fn closed_in_mut(&mut self, month: u32) -> Vec<(&mut Case, NaiveDate)> {
        let mut cases: Vec<_> =
            self.months.iter_mut().flatten().filter_map(|case| closed_in_month(case, month).map(|closed| (case, closed))).collect();
        cases.sort_by_key(|(case, closed)| (*closed, case.number.clone()));
        cases
    }
}

fn closed_in_month(case: &Case, month: u32) -> Option<NaiveDate> {
    case.closed.filter(|closed| closed.month() == month)
}

/// Nothing after this day has been entered yet.
pub fn entered_until() -> NaiveDate {
    day(11, 9)
}

pub fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(YEAR, month, day).unwrap_or_default()
}

pub fn month_end(month: u32) -> NaiveDate {
    day(month + 1, 1) - Days::new(1)
}

pub fn build(seed: u64) -> Office {
    let mut rng = Rng::with_seed(seed);
    let mut turn = Turn { home: rng.usize(0..OCCASIONAL.len()), abroad: rng.usize(0..OCCASIONAL_ABROAD.len()) };
    let mut office = Office { months: Vec::new(), planted: Vec::new(), slips: Vec::new(), ledgers: BTreeMap::new() };
    let mut last_number = None;
    for month in MONTHS {
        let count = rng.usize(76..=80);
        let mut cases: Vec<(Case, Option<Plant>)> =
            accepted_days(month, count, &mut rng).into_iter().map(|accepted| (draw(accepted, &mut turn, &mut rng), None)).collect();
        choose(&mut cases, &mut rng);
        for (case, plant) in &mut cases {
            finish(case, *plant, &mut rng);
        }
        last_number = Some(number(&mut cases, month, last_number, &mut rng));
        for (case, plant) in &cases {
            office.planted.extend(plant.map(|plant| (case.number.clone(), plant)));
        }
        office.months.push(cases.into_iter().map(|(case, _)| case).collect());
    }
    keep_books(&mut office, &mut rng);
    office
}

/// The ledgers beside the register, and what is wrong with them.
fn keep_books(office: &mut Office, rng: &mut Rng) {
    let sanctions = sanctions::ledger(office, rng);
    slips::in_cases(office, rng);
    let returns = returns::ledger(office, rng);
    keep(office, Ledger::Sanctions, sanctions, rng);
    keep(office, Ledger::Returns, returns, rng);
    let others = [
        (Ledger::Receipts, receipts::ledger(office, rng)),
        (Ledger::Improvements, improvements::ledger(office, rng)),
        (Ledger::Steps, appeals::steps(office, rng)),
        (Ledger::Appeals, appeals::ledger(office, rng)),
        (Ledger::Receivables, receivables::ledger(office, rng)),
        (Ledger::Reports, monthly::reports()),
        (Ledger::Meetings, monthly::meetings()),
        (Ledger::Charters, monthly::charters()),
    ];
    for (ledger, records) in others {
        keep(office, ledger, records, rng);
    }
    office.slips.extend(monthly::WRONG.map(|(subject, rule)| (subject.to_owned(), rule)));
    for (ledger, records) in &mut office.ledgers {
        records.retain(|record| !record.is_gone);
        for (at, record) in records.iter_mut().enumerate() {
            record.at = Some((*ledger, at));
        }
    }
}

fn keep(office: &mut Office, ledger: Ledger, records: Vec<Record>, rng: &mut Rng) {
    office.ledgers.insert(ledger, records);
    slips::in_ledger(office, ledger, rng);
}

/// Occasional customers come in turn, so that nobody comes twice within a week by accident.
struct Turn {
    home: usize,
    abroad: usize,
}

fn accepted_days(month: u32, count: usize, rng: &mut Rng) -> Vec<NaiveDate> {
    let open: Vec<NaiveDate> = day(month, 1)
        .iter_days()
        .take_while(|d| d.month() == month)
        .filter(|d| d.weekday() != Weekday::Sun && !(month == 10 && d.day() <= 3))
        .collect();
    // every open day gets some, so that every plant finds its days
    let mut days: Vec<NaiveDate> =
        (0..count).map(|i| if i < open.len() * 2 { open[i % open.len()] } else { open[rng.usize(0..open.len())] }).collect();
    days.sort_unstable();
    days
}

fn draw(accepted: NaiveDate, turn: &mut Turn, rng: &mut Rng) -> Case {
    let kind = rng.u32(0..100);
    let (customer, abroad, regular) = if kind < 45 {
        let (name, abroad) = REGULARS[rng.usize(0..REGULARS.len())];
        (name, abroad, true)
    } else if kind < 85 {
        turn.home += 1;
        (OCCASIONAL[turn.home % OCCASIONAL.len()], false, false)
    } else {
        turn.abroad += 1;
        (OCCASIONAL_ABROAD[turn.abroad % OCCASIONAL_ABROAD.len()], true, false)
    };
    let human = rng.u32(0..100) < 18;
    let (department, people) = department(human, rng);
    let product = rng.usize(0..PRODUCTS.len());
    let quantity = rng.i64(4..120) * 25;
    let shipped = accepted - Days::new(rng.u64(12..45));
    let heard = accepted - Days::new(rng.u64(0..3));
    let method = [Method::Compensation, Method::Discount, Method::Discount, Method::Return, Method::Return, Method::Rework, Method::None]
        [rng.usize(0..7)];
    let amount = match (method, regular) {
        (Method::None, _) => 0,
        (_, true) => rng.i64(3..80) * 10_000,
        (_, false) => occasional_amount(rng),
    };
    Case {
        number: String::new(),
        customer: customer.to_owned(),
        abroad,
        order: format!("{}{:02}{:02}-{:03}", if abroad { "EX" } else { "DD" }, shipped.year() % 100, shipped.month(), rng.u32(1..400)),
        product,
        shipped,
        quantity,
        bad: rng.i64(1..=quantity / 10 + 1),
        returned: 0,
        demand: DEMANDS[rng.usize(0..DEMANDS.len())],
        reason: if human { HUMAN_REASONS[rng.usize(0..HUMAN_REASONS.len())] } else { QUALITY_REASONS[rng.usize(0..QUALITY_REASONS.len())] },
        human,
        sample: true,
        opinion: OPINIONS[rng.usize(0..OPINIONS.len())],
        heard,
        filled: heard,
        accepted,
        investigated: accepted,
        reported: accepted,
        closed: None,
        amount,
        method,
        department,
        person: people[rng.usize(0..people.len())],
        workshop: WORKSHOPS[rng.usize(0..WORKSHOPS.len())],
        shift: SHIFTS[rng.usize(0..SHIFTS.len())],
        worker: WORKERS[rng.usize(0..WORKERS.len())],
        made: shipped - Days::new(rng.u64(4..25)),
        remark: (rng.u32(0..4) == 0).then(|| REMARKS[rng.usize(0..REMARKS.len())]),
        blank: Vec::new(),
        stations: Vec::new(),
        approval: None,
        loss: None,
        founded: true,
        trail: Record::default(),
    }
}

fn department(human: bool, rng: &mut Rng) -> (&'static str, [&'static str; 3]) {
    let (from, to) = if human { (60, 100) } else { (0, 76) };
    let mut at = rng.u32(from..to);
    for (name, weight, people) in DEPARTMENTS {
        if at < weight {
            return (name, people);
        }
        at -= weight;
    }
    (DEPARTMENTS[0].0, DEPARTMENTS[0].2)
}

/// In fen; few are large.
fn occasional_amount(rng: &mut Rng) -> i64 {
    match rng.u32(0..100) {
        0..62 => rng.i64(20..600) * 5_000,
        62..80 => rng.i64(30..95) * 100_000,
        80..91 => rng.i64(102..148) * 100_000,
        _ => rng.i64(155..260) * 100_000,
    }
}

/// Gives every plant of the month a case of its own.
fn choose(cases: &mut [(Case, Option<Plant>)], rng: &mut Rng) {
    let occasional = |case: &Case| !REGULARS.iter().any(|(name, _)| *name == case.customer);
    let pairs: Vec<usize> = (0..cases.len() - 1)
        .filter(|&i| {
            let (first, second) = (&cases[i].0, &cases[i + 1].0);
            [first, second].iter().all(|c| occasional(c) && !c.abroad && plants::fits(SPLIT_DAYS, c.accepted))
        })
        .collect();
    if !pairs.is_empty() {
        let first = pairs[rng.usize(0..pairs.len())];
        cases[first].1 = Some(Plant::SplitFirst);
        cases[first + 1].1 = Some(Plant::SplitSecond);
        cases[first + 1].0.customer = cases[first].0.customer.clone();
    }
    for (plant, from, to) in MONTHLY {
        let free: Vec<usize> = (0..cases.len())
            .filter(|&i| cases[i].1.is_none() && plants::fits((from, to), cases[i].0.accepted))
            .filter(|&i| plant != Plant::PostTooLow || occasional(&cases[i].0))
            // at home, so that it is overdue at the month's end already
            .filter(|&i| plant != Plant::ClosedNextMonth || !cases[i].0.abroad)
            .filter(|&i| plant != Plant::ProductionMissing || !cases[i].0.human)
            .collect();
        if !free.is_empty() {
            cases[free[rng.usize(0..free.len())]].1 = Some(plant);
        }
    }
}

/// Walks the route, then fills in what follows from it, then bends what the plant bends.
fn finish(case: &mut Case, plant: Option<Plant>, rng: &mut Rng) {
    if let Some(plant) = plant {
        plant.prepare(case, rng);
    }
    let pace = plant.map_or_else(|| Pace::comfortable(case.abroad, rng), |plant| plant.pace(case.abroad));
    walk(case, &pace, rng);
    let price = PRODUCTS[case.product].2;
    if case.method == Method::Return {
        case.returned = (case.amount / price).max(1);
        case.amount = case.returned * price;
        case.quantity = case.quantity.max((case.returned + 24) / 25 * 25);
        case.bad = case.bad.max(case.returned);
        // how many go back is not known yet, and the form says so
        if plant.is_none() && rng.u32(0..5) == 0 {
            case.demand = UNDECIDED_DEMAND;
            case.blank.push("退换货数量");
        }
    }
    let decided = case.stations.iter().find(|s| s.seat == 6).and_then(|s| s.sent).map(|sent| sent.date());
    if let (Some(date), true) = (decided, case.amount > 0) {
        let needed = usize::from(case.amount > 10_000_000) + usize::from(case.amount > 15_000_000);
        let post = if rng.u32(0..12) == 0 { 2 } else { needed };
        let paper = Record::default()
            .with("送核对象", POSTS[post].0)
            .with("答复方式", trail::pick(&["书信", "电话"], rng))
            .with("是否外送处理表影本", false)
            .with("通知客户日期", later(date, rng.u64(0..=1)));
        case.approval = Some(Approval { amount: case.amount, post, date, promised: later(date, 1), paper });
    }
    if case.closed.is_some() && case.amount > 0 {
        case.loss = Some(loss(case, price, rng));
    }
    if let Some(plant) = plant {
        plant.bend(case);
    }
    let until = entered_until();
    case.stations.retain(|s| s.received.date() <= until);
    for station in &mut case.stations {
        station.sent = station.sent.filter(|sent| sent.date() <= until);
    }
    case.closed = case.closed.filter(|closed| *closed <= until);
    case.founded = case.amount > 0 || plant.is_some() || rng.bool();
    case.trail = trail::of(case, rng);
    // approvals and losses are filed by month
    let filed = month_end(10);
    case.approval = case.approval.take().filter(|a| a.date <= filed);
    case.loss = case.loss.take().filter(|_| case.closed.is_some_and(|closed| closed <= filed));
}

fn loss(case: &Case, price: i64, rng: &mut Rng) -> Loss {
    let mut loss = Loss {
        compensation: None,
        discount: None,
        returned: None,
        price: None,
        rework: None,
        freight: None,
        waste: None,
        shares: Vec::new(),
        paper: Record::default(),
    };
    match case.method {
        Method::Compensation => loss.compensation = Some(case.amount),
        Method::Discount => loss.discount = Some(case.amount),
        Method::Return => (loss.returned, loss.price) = (Some(case.returned), Some(price)),
        Method::Rework => {
            let rework = case.amount / 100 * 80;
            let waste = case.amount / 100 * 5;
            (loss.rework, loss.waste, loss.freight) = (Some(rework), Some(waste), Some(case.amount - rework - waste));
        }
        Method::None => {}
    }
    let other = DEPARTMENTS[rng.usize(0..4)];
    loss.shares = if rng.u32(0..4) == 0 && other.0 != case.department {
        vec![(case.department, case.person, 60), (other.0, other.2[0], 40)]
    } else {
        vec![(case.department, case.person, 100)]
    };
    loss
}

/// Running numbers by day of acceptance. One number is skipped, the last is malformed, and the first case carries on with
/// last month's numbers. Returns the next number that this month would have had.
fn number(cases: &mut [(Case, Option<Plant>)], month: u32, carried_on: Option<(u32, usize)>, rng: &mut Rng) -> (u32, usize) {
    let prefix = |month: u32| format!("{:02}{month:02}", YEAR % 100);
    let skip = rng.usize(30..60);
    let mut next = 1;
    let last = cases.len() - 1;
    for (at, (case, _)) in cases.iter_mut().enumerate() {
        if let (0, Some((before, number))) = (at, carried_on) {
            case.number = format!("{}{number:02}", prefix(before));
            continue;
        }
        if at == skip {
            next += 1;
        }
        case.number = match (at == last, month) {
            (true, 8) => format!("26-08-{next:02}"),
            (true, 9) => format!("2609-{next:02}"),
            (true, _) => format!("K2610{next:02}"),
            _ => format!("{}{next:02}", prefix(month)),
        };
        if at != last {
            next += 1;
        }
    }
    (month, next)
}
