//! A plain SIP telephone for tests and measurements: it calls, is called, speaks a tone and
//! remembers what it heard. It stands on the trunk's side, or on an agent's desk
//! ([`crate::Device::At`]).
//!
//! On loopback nothing is lost, so nothing is sent again; that keeps it a telephone one can read.

mod call;
mod sip;
mod sound;

pub use call::Call;

use call::Dialog;
use sip::{Message, session};
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

#[derive(Debug)]
struct Line {
    socket: UdpSocket,
    address: SocketAddr,
    calls: Mutex<HashMap<String, Call>>,
    incoming: mpsc::UnboundedSender<Call>,
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
            agreed: watch::channel(0).0,
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
        agreed: watch::channel(0).0,
    };
    let dialog = Arc::new(Mutex::new(dialog));
    Ok(Call { line: Arc::clone(line), sound, dialog, stage, caller })
}
