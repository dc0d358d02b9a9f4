//! A plain SIP telephone for tests and measurements: it calls, is called, speaks a tone and
//! remembers what it heard. It stands on the trunk's side, or on an agent's desk
//! ([`crate::Device::At`]).
//!
//! On loopback nothing is lost, so nothing is sent again; that keeps it a telephone one can read.

mod sip;
mod sound;

use sip::{Message, finish, session};
use sound::Sound;
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

/// Nothing on one machine takes longer.
const PATIENCE: Duration = Duration::from_secs(20);
static COUNTER: AtomicU64 = AtomicU64::new(1);

/// How far a call is, seen from this telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Sent or received, nothing rings yet.
    Trying,
    /// It rings.
    Ringing,
    /// Both can speak.
    Up,
    /// Over, with the SIP status that ended it; 200 for a telephone put down.
    Ended(u16),
}

/// A telephone with an address of its own.
#[derive(Debug)]
pub struct Phone {
    line: Arc<Line>,
    incoming: mpsc::UnboundedReceiver<Call>,
}

/// One call on this telephone.
#[derive(Clone, Debug)]
pub struct Call {
    line: Arc<Line>,
    sound: Sound,
    dialog: Arc<Mutex<Dialog>>,
    stage: watch::Receiver<Stage>,
    /// Who calls, as it is shown here.
    pub caller: String,
}

#[derive(Debug)]
struct Line {
    socket: UdpSocket,
    address: SocketAddr,
    calls: Mutex<HashMap<String, Call>>,
    incoming: mpsc::UnboundedSender<Call>,
}

/// What has to be remembered of a call to speak SIP about it.
#[derive(Debug)]
struct Dialog {
    id: String,
    /// Our address and theirs, as they stand in `From` and `To` of what we send.
    local: String,
    remote: String,
    /// Where requests go, by name and by address.
    target: String,
    peer: SocketAddr,
    cseq: u32,
    branch: String,
    /// Their INVITE, while it waits for our answer.
    invite: Option<Message>,
    ours: bool,
    stage: watch::Sender<Stage>,
}

impl Phone {
    /// A telephone on a free port of the loopback.
    pub async fn open() -> io::Result<Self> {
        let socket = UdpSocket::bind("127.0.0.1:0").await?;
        let address = socket.local_addr()?;
        let (sender, incoming) = mpsc::unbounded_channel();
        let line = Arc::new(Line { socket, address, calls: Mutex::default(), incoming: sender });
        tokio::spawn(listen(Arc::clone(&line)));
        Ok(Self { line, incoming })
    }

    /// `host:port` of this telephone.
    pub fn address(&self) -> SocketAddr {
        self.line.address
    }

    /// Dials `number` at the switch, showing `caller`.
    pub async fn call(&self, switch: SocketAddr, caller: &str, number: &str) -> io::Result<Call> {
        let sound = Sound::open().await?;
        let name = unique(self.line.address.port());
        let (stage, seen) = watch::channel(Stage::Trying);
        let dialog = Dialog {
            id: name.clone(),
            local: format!("<sip:{caller}@127.0.0.1>;tag=l{name}"),
            remote: format!("<sip:{number}@{switch}>"),
            target: format!("sip:{number}@{switch}"),
            peer: switch,
            cseq: 1,
            branch: format!("z9hG4bK{name}"),
            invite: None,
            ours: true,
            stage,
        };
        let body = session(sound.port, 1, "sendrecv");
        let invite = dialog.request("INVITE", &self.line, &body);
        let call = Call {
            line: Arc::clone(&self.line),
            sound,
            dialog: Arc::new(Mutex::new(dialog)),
            stage: seen,
            caller: caller.to_owned(),
        };
        lock(&self.line.calls).insert(name, call.clone());
        self.line.socket.send_to(invite.as_bytes(), switch).await?;
        Ok(call)
    }

    /// The next call that rings here.
    pub async fn rings(&mut self) -> Option<Call> {
        timeout(PATIENCE, self.incoming.recv()).await.ok()?
    }
}

impl Call {
    /// How far it is now.
    pub fn stage(&self) -> Stage {
        *self.stage.borrow()
    }

    /// Waits until it is at that stage; false when it went another way or nothing happened.
    pub async fn reaches(&mut self, stage: Stage) -> bool {
        let over = |s: &Stage| *s == stage || matches!(s, Stage::Ended(_));
        match timeout(PATIENCE, self.stage.wait_for(over)).await {
            Ok(Ok(seen)) => *seen == stage,
            _ => false,
        }
    }

    /// Waits until it is over; the SIP status that ended it.
    pub async fn ends(&mut self) -> Option<u16> {
        let over = |s: &Stage| matches!(s, Stage::Ended(_));
        match timeout(PATIENCE, self.stage.wait_for(over)).await {
            Ok(Ok(seen)) => match *seen {
                Stage::Ended(status) => Some(status),
                _ => None,
            },
            _ => None,
        }
    }

    /// Picks it up.
    pub async fn answer(&self) -> io::Result<()> {
        let body = session(self.sound.port, 1, "sendrecv");
        self.respond("200 OK", &body).await?;
        lock(&self.dialog).stage.send_replace(Stage::Up);
        Ok(())
    }

    /// Does not pick it up: `486 Busy Here`, `603 Decline`.
    pub async fn refuse(&self, status: &str) -> io::Result<()> {
        self.respond(status, "").await?;
        let code = status.get(..3).and_then(|s| s.parse().ok()).unwrap_or(603);
        self.end(code);
        Ok(())
    }

    /// Puts the telephone down, however far the call is.
    pub async fn hang_up(&self) -> io::Result<()> {
        match self.stage() {
            Stage::Ended(_) => Ok(()),
            Stage::Up => {
                self.send("BYE", "").await?;
                self.end(200);
                Ok(())
            }
            _ if lock(&self.dialog).ours => {
                let (cancel, peer) = {
                    let dialog = lock(&self.dialog);
                    (dialog.request("CANCEL", &self.line, ""), dialog.peer)
                };
                self.line.socket.send_to(cancel.as_bytes(), peer).await.map(drop)
            }
            _ => self.refuse("603 Decline").await,
        }
    }

    /// Puts the other side on hold, or takes it back.
    pub async fn hold(&self, on: bool) -> io::Result<()> {
        let version = 1 + lock(&self.dialog).cseq;
        let body = session(self.sound.port, version, if on { "sendonly" } else { "sendrecv" });
        self.send("INVITE", &body).await
    }

    /// Speaks a tone, or falls silent.
    pub fn speak(&self, hz: Option<f64>) {
        self.sound.tone(hz);
    }

    /// Says this once (8 kHz), then falls silent.
    pub fn say(&self, samples: Vec<i16>) {
        self.sound.say(samples);
    }

    /// Presses keys, one after the other.
    pub fn press(&self, keys: &str) {
        self.sound.press(keys);
    }

    /// Everything heard so far, or since [`Call::forget`] (8 kHz).
    pub fn heard(&self) -> Vec<i16> {
        self.sound.heard()
    }

    /// Forgets what was heard.
    pub fn forget(&self) {
        self.sound.forget();
    }

    /// Waits until the other side has pressed exactly these keys in all.
    pub async fn hears_keys(&self, keys: &str) -> bool {
        let search = async {
            while self.sound.digits() != keys {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, search).await.is_ok()
    }

    /// Waits until a tone of that pitch fills a tenth of a second of what is heard from now on.
    pub async fn hears_tone(&self, hz: f64) -> bool {
        self.hears(|sound| crate::wav::tone_share(sound, hz) > 0.5).await
    }

    /// Waits until something is heard from now on that is not silence.
    pub async fn hears_something(&self) -> bool {
        self.hears(|sound| sound.iter().any(|s| s.unsigned_abs() > 200)).await
    }

    async fn hears(&self, test: impl Fn(&[i16]) -> bool) -> bool {
        let mut from = self.heard().len();
        let search = async {
            loop {
                tokio::time::sleep(Duration::from_millis(20)).await;
                let heard = self.heard();
                while let Some(window) = heard.get(from..from + 800) {
                    if test(window) {
                        return;
                    }
                    from += 400;
                }
            }
        };
        timeout(PATIENCE, search).await.is_ok()
    }

    fn end(&self, status: u16) {
        self.sound.close();
        let dialog = lock(&self.dialog);
        lock(&self.line.calls).remove(&dialog.id);
        dialog.stage.send_replace(Stage::Ended(status));
    }

    /// A request within the call.
    async fn send(&self, method: &str, body: &str) -> io::Result<()> {
        let (text, peer) = {
            let mut dialog = lock(&self.dialog);
            dialog.cseq += 1;
            dialog.branch = format!("z9hG4bK{}", unique(dialog.peer.port()));
            (dialog.request(method, &self.line, body), dialog.peer)
        };
        self.line.socket.send_to(text.as_bytes(), peer).await.map(drop)
    }

    /// The final answer to their INVITE.
    async fn respond(&self, status: &str, body: &str) -> io::Result<()> {
        let (text, peer) = {
            let mut dialog = lock(&self.dialog);
            let Some(invite) = dialog.invite.take() else { return Ok(()) };
            let contact = format!("Contact: <sip:phone@{}>\r\n", self.line.address);
            (invite.respond(status, &format!("l{}", dialog.id), &contact, body), dialog.peer)
        };
        self.line.socket.send_to(text.as_bytes(), peer).await.map(drop)
    }

    /// An answer to something that we sent.
    async fn answered(&self, message: &Message, status: u16) -> io::Result<()> {
        if message.method() != "INVITE" {
            return Ok(());
        }
        if status < 200 {
            if status >= 180 && self.stage() == Stage::Trying {
                lock(&self.dialog).stage.send_replace(Stage::Ringing);
            }
            return Ok(());
        }
        let (ack, peer) = {
            let mut dialog = lock(&self.dialog);
            message.header("To").clone_into(&mut dialog.remote);
            if status < 300 {
                dialog.target = message.contact().unwrap_or_else(|| dialog.target.clone());
                dialog.branch = format!("z9hG4bK{}", unique(dialog.peer.port()));
            }
            (dialog.request("ACK", &self.line, ""), dialog.peer)
        };
        self.line.socket.send_to(ack.as_bytes(), peer).await?;
        if status < 300 {
            self.sound.connect(message.media());
            let first = !matches!(self.stage(), Stage::Up);
            if first {
                lock(&self.dialog).stage.send_replace(Stage::Up);
            }
        } else if self.stage() != Stage::Up {
            self.end(status);
        }
        Ok(())
    }

    /// Something that the other side asks within the call.
    async fn asked(&self, message: &Message) -> io::Result<()> {
        let tag = format!("l{}", lock(&self.dialog).id);
        let reply = |status: &str, body: &str| {
            let contact = format!("Contact: <sip:phone@{}>\r\n", self.line.address);
            message.respond(status, &tag, &contact, body)
        };
        let peer = lock(&self.dialog).peer;
        let text = match message.method() {
            "ACK" => return Ok(()),
            "BYE" => {
                self.end(200);
                reply("200 OK", "")
            }
            "CANCEL" => {
                self.respond("487 Request Terminated", "").await?;
                self.end(487);
                reply("200 OK", "")
            }
            "INVITE" | "UPDATE" if !message.body.is_empty() => {
                self.sound.connect(message.media());
                reply("200 OK", &session(self.sound.port, message.cseq(), "sendrecv"))
            }
            _ => reply("200 OK", ""),
        };
        self.line.socket.send_to(text.as_bytes(), peer).await.map(drop)
    }
}

impl Dialog {
    fn request(&self, method: &str, line: &Line, body: &str) -> String {
        let Self { id, local, remote, target, branch, cseq, .. } = self;
        let me = line.address;
        let text = format!(
            "{method} {target} SIP/2.0\r\nVia: SIP/2.0/UDP {me};rport;branch={branch}\r\n\
             Max-Forwards: 70\r\nFrom: {local}\r\nTo: {remote}\r\nCall-ID: {id}\r\n\
             CSeq: {cseq} {method}\r\nContact: <sip:phone@{me}>\r\n"
        );
        finish(text, "", body)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn unique(port: u16) -> String {
    format!("{port}-{}-{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

async fn listen(line: Arc<Line>) {
    let mut buffer = vec![0; 65_536];
    // The line lives as long as its telephone or any of its calls does.
    while Arc::strong_count(&line) > 1 {
        let received = timeout(Duration::from_secs(1), line.socket.recv_from(&mut buffer)).await;
        let Ok(Ok((length, peer))) = received else { continue };
        let Some(message) = Message::parse(&buffer[..length]) else { continue };
        let call = lock(&line.calls).get(message.header("Call-ID")).cloned();
        let done = match (call, message.status()) {
            (Some(call), Some(status)) => call.answered(&message, status).await,
            (Some(call), None) => call.asked(&message).await,
            (None, None) => greet(&line, message, peer).await,
            (None, Some(_)) => Ok(()),
        };
        if let Err(error) = done {
            tracing::warn!(%error, "a telephone could not speak");
        }
    }
}

/// A request outside any call: a new call rings, anything else is answered politely.
async fn greet(line: &Arc<Line>, message: Message, peer: SocketAddr) -> io::Result<()> {
    let id = message.header("Call-ID").to_owned();
    let text = match message.method() {
        "ACK" => return Ok(()),
        "INVITE" => {
            let text = message.respond("180 Ringing", &format!("l{id}"), "", "");
            let call = ringing(line, id.clone(), message, peer).await?;
            lock(&line.calls).insert(id, call.clone());
            let _ = line.incoming.send(call);
            text
        }
        "OPTIONS" => message.respond("200 OK", &id, "", ""),
        _ => message.respond("481 Call Does Not Exist", &id, "", ""),
    };
    line.socket.send_to(text.as_bytes(), peer).await.map(drop)
}

async fn ringing(
    line: &Arc<Line>,
    id: String,
    invite: Message,
    peer: SocketAddr,
) -> io::Result<Call> {
    let sound = Sound::open().await?;
    sound.connect(invite.media());
    let (sender, stage) = watch::channel(Stage::Ringing);
    let caller = invite.user("From");
    let dialog = Dialog {
        local: format!("{};tag=l{id}", invite.header("To")),
        remote: invite.header("From").to_owned(),
        target: invite.contact().unwrap_or_default(),
        id,
        peer,
        cseq: 1000,
        branch: String::new(),
        invite: Some(invite),
        ours: false,
        stage: sender,
    };
    let dialog = Arc::new(Mutex::new(dialog));
    Ok(Call { line: Arc::clone(line), sound, dialog, stage, caller })
}
