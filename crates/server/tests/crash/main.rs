//! kill -9 of the real server and of PostgreSQL in the middle of what must not happen twice.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod house;

use house::{Body, House, PASSWORD, Victim};
use kernel::{Actor, App, Clock, SeasonId};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// Above the number from which a season is opened by mass.
const HOUSEHOLDS: u32 = 52_000;
/// Flats that a company pays for at once.
const FLATS: usize = 400;
/// Lines of the imported file: several steps.
const LINES: usize = 16_000;
const OWED_FEN: i64 = 12_345;

/// A little chance that can be repeated.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % end.max(1)
    }

    async fn pause(&mut self, below_ms: u64) {
        tokio::time::sleep(Duration::from_millis(self.below(below_ms))).await;
    }
}

struct City {
    house: House,
    head: String,
    cashier: String,
    /// The season of the imported debts, one opened station by station, one opened by mass.
    seasons: [SeasonId; 3],
    chance: Chance,
    cut: u32,
}

/// accepts BI-01 BI-04 XB-17: the server and the database are killed at seeded instants of a
/// season's opening (everyday and by mass), of an import and of a payment for 400 flats. Each goes
/// on by itself or never was; a command sent again takes effect once; everybody is charged once,
/// money is taken once, and the book is proven.
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_instant_the_house_charges_once_and_takes_money_once() {
    let seed = std::env::var("HEARTHLINE_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(7);
    println!("seed {seed}");
    let mut city = City::found(Chance(seed)).await;
    city.import_and_everyday_opening().await;
    city.house.verify().await;
    city.opening_by_mass().await;
    city.payment().await;
    city.house.verify().await;
    assert!(city.cut > 0, "no kill hit anything: nothing was proven");
}

impl City {
    async fn found(chance: Chance) -> Self {
        let mut house = House::build().await;
        let now = Clock::System.now();
        city::load(&house.owner, city::Plan::bench(HOUSEHOLDS, now, PASSWORD), &|_| ())
            .await
            .unwrap();
        let app = App::new(house.owner.clone(), Clock::System);
        let mut tx = app.begin(Actor::system("test")).await.unwrap();
        billing::publish_demonstration(&mut tx).await.unwrap();
        let mut seasons = Vec::new();
        for year in [2024, 2026, 2027] {
            let day = |y: i32, md: &str| format!("{y}-{md}T16:00:00Z").parse().unwrap();
            let code = format!("{year}-{}", year + 1);
            let (from, to) = (day(year, "11-14"), day(year + 1, "03-15"));
            seasons.push(ledger::add_season(&mut tx, &code, from, to).await.unwrap());
        }
        tx.commit().await.unwrap();
        house.open().await;
        let (head, cashier) =
            (house.signed_in("billing").await, house.signed_in("cashier01").await);
        let seasons = seasons.try_into().unwrap();
        Self { house, head, cashier, seasons, chance, cut: 0 }
    }

    /// Kills whenever `progress` of a kill is reached, and then waits until `done`.
    async fn interrupt(&mut self, what: &str, done: &str, kills: &[(Victim, String, u64)]) {
        for (victim, progress, within_ms) in kills {
            let reached = format!("select (({done}) or ({progress}))::int");
            let until = format!("{what} is under way: {progress}");
            let seen = async |h: &House| h.ask(&reached).await.filter(|n| *n == 1);
            self.house.until(&until, seen).await;
            self.chance.pause(*within_ms).await;
            self.house.kill(*victim).await;
            let over = self.house.number(&format!("select ({done})::int")).await == 1;
            self.cut += u32::from(!over);
            println!("{what}: killed {victim:?}, {}", if over { "too late" } else { "cut" });
        }
        let over = format!("select ({done})::int");
        let seen = async |h: &House| h.ask(&over).await.filter(|n| *n == 1);
        self.house.until(&format!("{what} is done"), seen).await;
    }

    /// Asks for an opening, waits until it can be looked at, and says yes.
    async fn opening(&mut self, season: SeasonId, selection: Value) -> String {
        let wanted = json!({"season_id": season, "selection": selection});
        let made = self.house.command(&self.head, "/billing/openings", wanted).await;
        let id = made["id"].as_str().unwrap().to_owned();
        let ready = format!("select (state = 'ready')::int from billing.opening where id = '{id}'");
        let seen = async |h: &House| h.ask(&ready).await.filter(|n| *n == 1);
        self.house.until("the opening is reckoned", seen).await;
        id
    }

    /// Old debts come in while a station's season is opened.
    async fn import_and_everyday_opening(&mut self) {
        let [old, season, _] = self.seasons;
        let file = self.house_numbers(LINES).await;
        let line = |no: &String| format!("{no},2024,采暖费,123.45,2024-10-08\n");
        let text = "户号,采暖季,费用项目,应收金额,应收日期\n".to_owned()
            + &file.iter().map(line).collect::<String>();
        let form = Body::Form { kind: "charges", text };
        let staged = self.house.send(&self.head, "/imports", Uuid::new_v4(), &form).await.unwrap();
        let batch = staged["batch"]["id"].as_str().unwrap().to_owned();
        let checked = format!(
            "select (state = 'checked' and error_count = 0)::int from imports.batch
             where id = '{batch}'"
        );
        let seen = async |h: &House| h.ask(&checked).await.filter(|n| *n == 1);
        self.house.until("the file is checked", seen).await;
        let opening = self.opening(season, json!({"org_path": "/hq/east/s1/"})).await;
        let wanted = "select count(*) from directory.account where org_path ^@ '/hq/east/s1/'";
        let wanted = self.house.number(wanted).await;
        assert!(wanted > 10_000, "several pages: {wanted}");

        self.house.command(&self.head, &format!("/imports/{batch}/commit"), json!({})).await;
        let post = format!("/billing/openings/{opening}/post");
        self.house.command(&self.head, &post, json!({})).await;
        let done = format!(
            "(select state from billing.opening where id = '{opening}') = 'posted'
             and (select state from imports.batch where id = '{batch}') = 'committed'"
        );
        let after = |opened: u64, lines: u64| {
            format!(
                "(select done from billing.opening where id = '{opening}') >= {opened}
                 or (select done_count from imports.batch where id = '{batch}') >= {lines}"
            )
        };
        let kills = [
            (Victim::Server, after(1, 1), 300),
            (Victim::Postgres, after(5_000, 4_001), 300),
            (Victim::Both, after(10_000, 8_001), 300),
        ];
        self.interrupt("import and opening", &done, &kills).await;

        let came = format!(
            "select sum(amount_fen) from ledger.entry
             where season_id = '{old}' and ledger = 'receivable'"
        );
        assert_eq!(self.house.number(&came).await, OWED_FEN * i64::try_from(LINES).unwrap());
        self.charged_once(season, wanted).await;
    }

    async fn opening_by_mass(&mut self) {
        let season = self.seasons[2];
        let opening = self.opening(season, json!({})).await;
        let post = format!("/billing/openings/{opening}/post");
        self.house.command(&self.head, &post, json!({})).await;
        let done = format!("(select state from billing.opening where id = '{opening}') = 'posted'");
        let staged = "exists (select from pg_class where relname = 'stage_2027_2028')".to_owned();
        let indexed =
            "exists (select from pg_class where relname = 'stage_2027_2028_key')".to_owned();
        let kills = [
            (Victim::Server, staged.clone(), 1_000),
            (Victim::Postgres, staged, 1_500),
            (Victim::Server, indexed, 300),
        ];
        self.interrupt("opening by mass", &done, &kills).await;
        let all = "select count(*) from directory.account where utility = 'heat'";
        self.charged_once(season, self.house.number(all).await).await;
        let left = "select count(*) from pg_tables where tablename like 'stage_%'";
        assert_eq!(self.house.number(left).await, 0, "nothing stays beside the book");
    }

    /// Everybody whom the opening reached has one charge, and the book says the same sum.
    async fn charged_once(&self, season: SeasonId, households: i64) {
        let of = format!("from billing.charge where season_id = '{season}'");
        let n = async |sql: String| self.house.number(&sql).await;
        assert_eq!(n(format!("select count(*) {of}")).await, households);
        assert_eq!(n(format!("select count(distinct account_id) {of}")).await, households);
        let charged = n(format!("select sum(amount_fen) {of}")).await;
        let booked = format!("from ledger.entry where season_id = '{season}'");
        let owed = format!("select sum(amount_fen) {booked} and ledger = 'receivable'");
        assert!(charged > 0);
        assert_eq!(n(owed).await, charged);
        let twice = format!(
            "select count(*) from (select account_id, item {booked} and ledger = 'receivable'
             group by 1, 2 having count(*) > 1) t"
        );
        assert_eq!(n(twice).await, 0, "nobody owes an item twice");
    }

    async fn house_numbers(&self, many: usize) -> Vec<String> {
        let sql = "select account_no from directory.account where utility = 'heat'
                   and org_path ^@ '/hq/west/' order by account_no limit $1";
        let many = i64::try_from(many).unwrap();
        sqlx::query_scalar(sql).bind(many).fetch_all(&self.house.owner).await.unwrap()
    }

    /// A company pays for its flats: the same command until it is answered, whoever dies.
    async fn payment(&mut self) {
        let turn = json!({"counter": "1号窗口", "float_fen": 0});
        self.house.command(&self.cashier, "/payments/shifts", turn).await;
        let numbers = self.house_numbers(FLATS).await;
        let flats: Vec<Uuid> = sqlx::query_scalar(
            "select id from directory.account where account_no = any($1) order by id",
        )
        .bind(&numbers)
        .fetch_all(&self.house.owner)
        .await
        .unwrap();
        assert_eq!(flats.len(), FLATS);
        let share = |id: &Uuid| json!({"account_id": id, "amount_fen": OWED_FEN});
        let shares: Vec<Value> = flats.iter().map(share).collect();
        let body = Body::Json(json!({
            "shares": shares, "method": "transfer", "reference": "TR-400", "receipt": true,
        }));
        let key = Uuid::new_v4();
        let mut answered = None;
        let mut limit = 100_u64;
        let victims = [Victim::Server, Victim::Postgres, Victim::Server, Victim::Both];
        for victim in victims.into_iter().cycle().take(8) {
            let (house, cookie) = (&self.house, self.cashier.clone());
            let wait = limit / 2 + self.chance.below(limit / 2);
            let sending = house.send(&cookie, "/payments/take", key, &body);
            // The clerk's browser gives up with the house.
            answered =
                tokio::time::timeout(Duration::from_millis(wait), sending).await.ok().flatten();
            self.house.kill(victim).await;
            self.cut += u32::from(answered.is_none());
            println!("payment: killed {victim:?} after {wait} ms, {:?}", answered.is_some());
            let orders = self.house.number("select count(*) from payments.payment_order").await;
            let paid = "select count(*) from ledger.posting where source = 'payment'";
            assert_eq!(self.house.number(paid).await, orders, "all or nothing");
            if answered.is_some() {
                break;
            }
            limit *= 2;
        }
        let (house, cookie) = (&self.house, &self.cashier);
        let again = async |h: &House| h.send(cookie, "/payments/take", key, &body).await;
        let last = house.until("the payment is answered", again).await;
        if let Some(first) = answered {
            assert_eq!(first, last, "the same command, the same answer");
        }
        assert_eq!(house.number("select count(*) from payments.payment_order").await, 1);
        assert_eq!(house.number("select count(*) from payments.receipt").await, 1);
        let bank = "select sum(amount_fen) from ledger.entry where ledger = 'bank'";
        let sum = OWED_FEN * i64::try_from(FLATS).unwrap();
        assert_eq!(house.number(bank).await, sum);
    }
}
