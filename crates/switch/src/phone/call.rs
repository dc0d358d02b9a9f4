//! One call on a telephone, and what it takes to speak SIP about it.

use super::sip::{Message, finish, session};
use super::sound::Sound;
use super::{Line, PATIENCE, Stage, lock, unique};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// One call on this telephone.
#[derive(Clone, Debug)]
pub struct Call {
    pub(super) line: Arc<Line>,
    pub(super) sound: Sound,
    pub(super) dialog: Arc<Mutex<Dialog>>,
    pub(super) stage: watch::Receiver<Stage>,
    /// Who calls, as it is shown here.
    pub caller: String,
}

/// What has to be remembered of a call to speak SIP about it.
#[derive(Debug)]
pub(super) struct Dialog {
    pub(super) id: String,
    /// Our address and theirs, as they stand in `From` and `To` of what we send.
    pub(super) local: String,
    pub(super) remote: String,
    /// Where requests go, by name and by address.
    pub(super) target: String,
    pub(super) peer: SocketAddr,
    pub(super) cseq: u32,
    pub(super) branch: String,
    /// Their INVITE, while it waits for our answer.
    pub(super) invite: Option<Message>,
    pub(super) ours: bool,
    pub(super) stage: watch::Sender<Stage>,
    /// The last of our INVITEs that was agreed to, by number.
    pub(super) agreed: watch::Sender<u32>,
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

    /// Puts the other side on hold, or takes it back; done when the other side agrees.
    pub async fn hold(&self, on: bool) -> io::Result<()> {
        let (cseq, mut agreed) = {
            let dialog = lock(&self.dialog);
            (dialog.cseq + 1, dialog.agreed.subscribe())
        };
        let body = session(self.sound.port, cseq, if on { "sendonly" } else { "sendrecv" });
        self.send("INVITE", &body).await?;
        // A second offer before the first is settled would be refused.
        match timeout(PATIENCE, agreed.wait_for(|seen| *seen == cseq)).await {
            Ok(Ok(_)) => Ok(()),
            _ => Err(io::Error::other("hold was not agreed to")),
        }
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
    pub(super) async fn answered(&self, message: &Message, status: u16) -> io::Result<()> {
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
            lock(&self.dialog).agreed.send_replace(message.cseq());
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
    pub(super) async fn asked(&self, message: &Message) -> io::Result<()> {
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
    pub(super) fn request(&self, method: &str, line: &Line, body: &str) -> String {
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
