//! A house of real processes in a folder of its own, that can be killed.

use engines::postgres::{Cluster, Purpose};
use serde_json::{Value, json};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use uuid::Uuid;

pub const PASSWORD: &str = "Nuanxian-2026";
const BINARY: &str = env!("CARGO_BIN_EXE_hearthline");
/// How long anything may take before the test says what it waited for.
const PATIENCE: Duration = Duration::from_secs(180);

/// Who is killed.
#[derive(Clone, Copy, Debug)]
pub enum Victim {
    Server,
    Postgres,
    /// A power cut.
    Both,
}

/// A server, its PostgreSQL, and their folder.
pub struct House {
    dir: PathBuf,
    cluster: Cluster,
    server: Option<Child>,
    url: String,
    http: reqwest::Client,
    /// Connections of who owns the tables; they come back by themselves.
    pub owner: PgPool,
}

impl House {
    /// An empty house: the database runs, the server does not yet.
    pub async fn build() -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = std::env::temp_dir().join(format!("hearthline-crash-{}", Uuid::new_v4()));
        std::fs::create_dir_all(dir.join("data")).unwrap();
        // PostgreSQL runs as another user and must get there.
        std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o755)).unwrap();
        let postgres = dir.join("data/postgres");
        let cluster = tokio::task::spawn_blocking(move || {
            let cluster = Cluster::start(&postgres, Purpose::Durable, &|_| ()).unwrap();
            cluster.ensure_database("hearthline").unwrap();
            cluster
        });
        let cluster = cluster.await.unwrap();
        let owner = PgPoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(5))
            .connect_lazy(&cluster.url("hearthline"))
            .unwrap();
        schema::MIGRATIONS.run(&owner).await.unwrap();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(60)).build().unwrap();
        Self { dir, cluster, server: None, url: String::new(), http, owner }
    }

    /// Starts the server and waits until it is ready.
    pub async fn open(&mut self) {
        let port = {
            let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            free.local_addr().unwrap().port()
        };
        let mut server = Command::new(BINARY)
            .args(["serve", "--without-telephony", "--until-stdin-closes", "--port"])
            .arg(port.to_string())
            .arg("--data")
            .arg(self.dir.join("data"))
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::options().create(true).append(true).open(self.log()).unwrap())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let ready = async {
            while let Ok(Some(line)) = lines.next_line().await {
                if line.starts_with("ready:") {
                    return true;
                }
            }
            false
        };
        let ready = tokio::time::timeout(PATIENCE, ready).await;
        assert!(matches!(ready, Ok(true)), "the server does not start:\n{}", self.said());
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        self.server = Some(server);
        self.url = format!("http://127.0.0.1:{port}");
    }

    fn log(&self) -> PathBuf {
        self.dir.join("server.log")
    }

    /// The end of what the servers wrote.
    pub fn said(&self) -> String {
        let said = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<_> = said.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }

    /// Kills on the spot, and brings back what does not come back by itself.
    pub async fn kill(&mut self, victim: Victim) {
        if matches!(victim, Victim::Server | Victim::Both) {
            self.server.take().unwrap().kill().await.unwrap();
        }
        if matches!(victim, Victim::Postgres | Victim::Both) {
            let postmaster = self.cluster.pid().unwrap();
            let mut all = children_of(postmaster);
            all.insert(0, postmaster);
            signal("-9", &all);
        }
        if self.server.is_none() {
            self.open().await;
        }
        self.until("the house works again", async |house| {
            let healthy = house.http.get(format!("{}/healthz", house.url)).send().await;
            healthy.is_ok_and(|r| r.status().is_success()).then_some(())
        })
        .await;
    }

    /// Waits until `look` sees something; never for ever.
    pub async fn until<T>(&self, what: &str, look: impl AsyncFn(&Self) -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(seen) = look(self).await {
                return seen;
            }
            assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}:\n{}", self.said());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The number that a query gives, if the database answers.
    pub async fn ask(&self, sql: &str) -> Option<i64> {
        let sql = format!("select coalesce(({sql})::bigint, 0)");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&self.owner).await.ok()
    }

    /// The number that a query gives.
    pub async fn number(&self, sql: &str) -> i64 {
        self.until(sql, async |house| house.ask(sql).await).await
    }

    /// Signs somebody in: his cookie.
    pub async fn signed_in(&self, login: &str) -> String {
        let body = json!({"login": login, "password": PASSWORD, "app": "desk"});
        let url = format!("{}/api/identity/sign-in", self.url);
        let answer = self.http.post(url).header("content-type", "application/json");
        let answer = answer.body(body.to_string()).send().await.unwrap();
        assert!(answer.status().is_success(), "{login} signs in");
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// Sends a command once; nothing when nobody answers or something broke.
    pub async fn send(&self, cookie: &str, path: &str, key: Uuid, body: &Body) -> Option<Value> {
        let (kind, body) = match body {
            Body::Json(body) => ("application/json".to_owned(), body.to_string()),
            Body::Form { kind, text } => (format!("multipart/form-data; boundary={EDGE}"), {
                format!(
                    "--{EDGE}\r\ncontent-disposition: form-data; name=\"kind\"\r\n\r\n{kind}\r\n\
                     --{EDGE}\r\ncontent-disposition: form-data; name=\"file\"; \
                     filename=\"old.csv\"\r\n\r\n{text}\r\n--{EDGE}--\r\n"
                )
            }),
        };
        let request = self.http.post(format!("{}/api{path}", self.url));
        let request = request.header("content-type", kind).header("cookie", cookie);
        let request = request.header("idempotency-key", key.to_string());
        let answer = request.body(body).send().await.ok()?;
        let status = answer.status();
        let text = answer.text().await.ok()?;
        let too_often = status == reqwest::StatusCode::TOO_MANY_REQUESTS;
        assert!(too_often || !status.is_client_error(), "{path}: {status} {text}");
        if !status.is_success() {
            return None;
        }
        serde_json::from_str(&text).ok()
    }

    /// Sends a command under one id until it is answered.
    pub async fn command(&self, cookie: &str, path: &str, body: Value) -> Value {
        let (key, body) = (Uuid::new_v4(), Body::Json(body));
        self.until(path, async |house| house.send(cookie, path, key, &body).await).await
    }

    /// `hearthline ledger verify`, as a person would call it.
    pub async fn verify(&self) {
        let proof = Command::new(BINARY)
            .args(["ledger", "verify", "--data"])
            .arg(self.dir.join("data"))
            .kill_on_drop(true)
            .output();
        let proof = tokio::time::timeout(PATIENCE, proof).await.expect("a proof in time").unwrap();
        let said = String::from_utf8_lossy(&proof.stdout);
        assert!(proof.status.success() && said.contains("the book holds"), "{said}");
    }
}

const EDGE: &str = "the-edge-of-a-part";

/// What is sent.
pub enum Body {
    Json(Value),
    Form { kind: &'static str, text: String },
}

impl Drop for House {
    fn drop(&mut self) {
        // The server dies with its handle; nothing else may stay behind.
        drop(self.server.take());
        let _ = self.cluster.stop();
        if std::thread::panicking() {
            eprintln!("{}", self.said());
        }
        let _ = std::fs::remove_dir_all(&self.dir);
        let socket = self.cluster.url("").replace("%2F", "/");
        if let Some((_, socket)) = socket.trim_end_matches('/').split_once('@') {
            let _ = std::fs::remove_dir(socket);
        }
    }
}

fn signal(which: &str, processes: &[u32]) {
    let pids = processes.iter().map(u32::to_string);
    // Some may have gone meanwhile.
    let _ = std::process::Command::new("kill").arg(which).args(pids).status();
}

fn children_of(parent: u32) -> Vec<u32> {
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let mine = all.filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        (parent_of(&entry.path())? == parent).then_some(pid)
    });
    mine.collect()
}

fn parent_of(process: &Path) -> Option<u32> {
    let stat = std::fs::read_to_string(process.join("stat")).ok()?;
    // The name before may hold anything, also brackets.
    stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()
}
