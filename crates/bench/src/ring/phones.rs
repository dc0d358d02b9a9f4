//! The agents' telephones: one socket that rings and picks up for all of them. Signalling only;
//! sound that arrives is dropped.

use anyhow::Result;
use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket as Std};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::net::UdpSocket;
use tokio::sync::mpsc::UnboundedSender;

/// How long a telephone rings before it is picked up.
const RINGS: Duration = Duration::from_millis(300);

/// A telephone was asked to ring.
#[derive(Clone, Debug)]
pub struct Rang {
    /// Which.
    pub phone: String,
    /// Who calls, as it is shown.
    pub caller: String,
    /// When the INVITE was read.
    pub at: SystemTime,
}

/// The telephones.
pub struct Phones {
    socket: UdpSocket,
    sound: Std,
    /// INVITEs that were answered with "ringing", by Call-ID.
    open: Mutex<HashMap<String, bool>>,
}

impl Phones {
    /// Opens the socket and lets them ring; every ring is told to `rang`.
    pub async fn open(rang: UnboundedSender<Rang>) -> Result<SocketAddr> {
        let socket = UdpSocket::bind("127.0.0.1:0").await?;
        let address = socket.local_addr()?;
        let sound = Std::bind("127.0.0.1:0")?;
        let phones = Arc::new(Self { socket, sound, open: Mutex::default() });
        tokio::spawn(async move {
            let mut buffer = vec![0; 65_536];
            while let Ok((length, peer)) = phones.socket.recv_from(&mut buffer).await {
                let at = SystemTime::now();
                let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
                phones.hear(&text, peer, at, &rang).await;
            }
        });
        Ok(address)
    }

    async fn hear(
        self: &Arc<Self>,
        text: &str,
        peer: SocketAddr,
        at: SystemTime,
        rang: &UnboundedSender<Rang>,
    ) {
        let id = header(text, "Call-ID").to_owned();
        match text.split(' ').next().unwrap_or_default() {
            "INVITE" if self.remember(&id) => {
                let caller = user(header(text, "From"));
                let phone = user(text.lines().next().unwrap_or_default());
                self.say(text, peer, "180 Ringing", "").await;
                let _ = rang.send(Rang { phone, caller, at });
                let (phones, text) = (Arc::clone(self), text.to_owned());
                tokio::spawn(async move {
                    tokio::time::sleep(RINGS).await;
                    if phones.take(&id) {
                        phones.say(&text, peer, "200 OK", &phones.session()).await;
                    }
                });
            }
            "CANCEL" => {
                self.say(text, peer, "200 OK", "").await;
                if self.take(&id) {
                    let invite = text.replace(" CANCEL\r\n", " INVITE\r\n");
                    self.say(&invite, peer, "487 Request Terminated", "").await;
                }
            }
            "INVITE" | "ACK" | "SIP/2.0" => {}
            "BYE" => {
                self.forget(&id);
                self.say(text, peer, "200 OK", "").await;
            }
            _ => self.say(text, peer, "200 OK", "").await,
        }
    }

    /// False for an INVITE that was sent again.
    fn remember(&self, id: &str) -> bool {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.insert(id.to_owned(), true).is_none()
    }

    /// True once for each call that still rings.
    fn take(&self, id: &str) -> bool {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.get_mut(id).is_some_and(std::mem::take)
    }

    fn forget(&self, id: &str) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }

    fn session(&self) -> String {
        let port = self.sound.local_addr().map_or(9, |a| a.port());
        format!(
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
             m=audio {port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=sendrecv\r\n"
        )
    }

    async fn say(&self, request: &str, peer: SocketAddr, status: &str, body: &str) {
        let me = self.socket.local_addr().map_or(String::new(), |a| a.to_string());
        let mut answer = format!("SIP/2.0 {status}\r\n");
        for line in request.lines().take_while(|l| !l.is_empty()) {
            let name = line.split(':').next().unwrap_or_default();
            let copied = ["Via", "From", "To", "Call-ID", "CSeq", "Record-Route"];
            if copied.iter().any(|c| c.eq_ignore_ascii_case(name)) {
                let tag = name.eq_ignore_ascii_case("To") && !line.contains(";tag=");
                let tag = if tag { ";tag=bench" } else { "" };
                answer.push_str(&format!("{line}{tag}\r\n"));
            }
        }
        if !body.is_empty() {
            answer.push_str("Content-Type: application/sdp\r\n");
        }
        let length = body.len();
        answer.push_str(&format!("Contact: <sip:desk@{me}>\r\nContent-Length: {length}\r\n\r\n"));
        answer.push_str(body);
        let _ = self.socket.send_to(answer.as_bytes(), peer).await;
    }
}

/// The value of a header; empty when it is not there.
pub fn header<'a>(message: &'a str, name: &str) -> &'a str {
    let value = |line: &'a str| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    };
    message.lines().take_while(|l| !l.is_empty()).find_map(value).unwrap_or_default()
}

/// The user of the first SIP address in a line.
pub fn user(line: &str) -> String {
    let address = line.split_once("sip:").and_then(|(_, rest)| rest.split_once('@'));
    address.map_or_else(String::new, |(user, _)| user.to_owned())
}
