//! A telephone's sound: A-law over RTP, a tone to speak with, an ear that remembers.

use crate::wav::RATE;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::time::{MissedTickBehavior, interval};

const FRAME: usize = 160;
const ALAW: u8 = 8;
const DIGIT: u8 = 101;
const KEYS: &str = "0123456789*#ABCD";

/// Mouth and ear of one call.
#[derive(Clone, Debug)]
pub(super) struct Sound {
    pub port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    peer: Option<SocketAddr>,
    speech: Speech,
    keys: VecDeque<u8>,
    heard: Vec<i16>,
    digits: String,
    last_digit: u32,
    over: bool,
}

#[derive(Debug, Default)]
enum Speech {
    #[default]
    Silence,
    Tone(f64),
    Samples(VecDeque<i16>),
}

impl Sound {
    pub async fn open() -> std::io::Result<Self> {
        let socket = UdpSocket::bind("127.0.0.1:0").await?;
        let port = socket.local_addr()?.port();
        let state = Arc::new(Mutex::new(State::default()));
        tokio::spawn(run(socket, Arc::clone(&state)));
        Ok(Self { port, state })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub fn connect(&self, peer: Option<SocketAddr>) {
        self.lock().peer = peer;
    }

    pub fn tone(&self, hz: Option<f64>) {
        self.lock().speech = hz.map_or(Speech::Silence, Speech::Tone);
    }

    pub fn say(&self, samples: Vec<i16>) {
        self.lock().speech = Speech::Samples(samples.into());
    }

    pub fn press(&self, keys: &str) {
        let codes = keys.chars().filter_map(|k| KEYS.find(k)).filter_map(|k| u8::try_from(k).ok());
        self.lock().keys.extend(codes);
    }

    pub fn heard(&self) -> Vec<i16> {
        self.lock().heard.clone()
    }

    pub fn forget(&self) {
        self.lock().heard.clear();
    }

    pub fn digits(&self) -> String {
        self.lock().digits.clone()
    }

    pub fn close(&self) {
        self.lock().over = true;
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn run(socket: UdpSocket, state: Arc<Mutex<State>>) {
    let mut mouth = Mouth::default();
    let mut tick = interval(Duration::from_millis(20));
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut buffer = [0; 2048];
    loop {
        tokio::select! {
            _ = tick.tick() => {
                let (packet, peer) = {
                    let mut state = lock(&state);
                    if state.over {
                        return;
                    }
                    (mouth.next(&mut state), state.peer)
                };
                if let Some(peer) = peer {
                    let _ = socket.send_to(&packet, peer).await;
                }
            }
            Ok((length, _)) = socket.recv_from(&mut buffer) => {
                hear(&mut lock(&state), &buffer[..length]);
            }
        }
    }
}

/// What is spoken next.
#[derive(Default)]
struct Mouth {
    sequence: u16,
    time: u32,
    key: Option<(u8, u16)>,
}

impl Mouth {
    fn next(&mut self, state: &mut State) -> Vec<u8> {
        self.sequence = self.sequence.wrapping_add(1);
        if self.key.is_none() {
            self.time = self.time.wrapping_add(160);
            self.key = state.keys.pop_front().map(|code| (code, 0));
        }
        if let Some((code, step)) = self.key {
            return self.key_packet(code, step);
        }
        let mut packet = self.header(ALAW, false);
        for i in 0..FRAME {
            packet.push(encode(state.speech.sample(self.time, i)));
        }
        packet
    }

    /// A key is held for 160 ms; its end is said three times, then comes a pause of silence.
    fn key_packet(&mut self, code: u8, step: u16) -> Vec<u8> {
        let mut packet = self.header(DIGIT, step == 0);
        let end = step >= 8;
        packet.extend_from_slice(&[code, if end { 0x8a } else { 0x0a }]);
        packet.extend_from_slice(&(160 * (step.min(8) + 1)).to_be_bytes());
        self.key = (step < 10).then_some((code, step + 1));
        if self.key.is_none() {
            self.time = self.time.wrapping_add(160 * 12);
        }
        packet
    }

    fn header(&self, kind: u8, marker: bool) -> Vec<u8> {
        let mut packet = vec![0x80, kind | if marker { 0x80 } else { 0 }];
        packet.extend_from_slice(&self.sequence.to_be_bytes());
        packet.extend_from_slice(&self.time.to_be_bytes());
        packet.extend_from_slice(&7u32.to_be_bytes());
        packet
    }
}

impl Speech {
    fn sample(&mut self, time: u32, i: usize) -> i16 {
        match self {
            Self::Silence => 0,
            Self::Tone(hz) => {
                #[expect(clippy::cast_precision_loss, reason = "an index within a frame")]
                let at = (f64::from(time) + i as f64) / f64::from(RATE);
                #[expect(clippy::cast_possible_truncation, reason = "within 16 bits")]
                let sample = ((std::f64::consts::TAU * *hz * at).sin() * 8000.0) as i16;
                sample
            }
            Self::Samples(left) => left.pop_front().unwrap_or_default(),
        }
    }
}

fn hear(state: &mut State, packet: &[u8]) {
    let Some((header, payload)) = packet.split_at_checked(12) else { return };
    match header[1] & 0x7f {
        ALAW => state.heard.extend(payload.iter().map(|b| decode(*b))),
        DIGIT if payload.len() >= 4 && payload[1] & 0x80 != 0 => {
            let time = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
            if std::mem::replace(&mut state.last_digit, time) != time {
                state.digits.extend(KEYS.chars().nth(payload[0].into()));
            }
        }
        _ => {}
    }
}

/// One sample in G.711 A-law.
fn encode(sample: i16) -> u8 {
    let (sign, size) = if sample >= 0 { (0x80, sample) } else { (0, !sample) };
    let size = size >> 3;
    let top = 15 - (size | 1).leading_zeros();
    let (exponent, mantissa) = if top < 5 { (0, size >> 1) } else { (top - 4, size >> (top - 4)) };
    let code = (exponent << 4) | (u32::from(mantissa.unsigned_abs()) & 0x0f);
    let [.., code] = code.to_be_bytes();
    (code | sign) ^ 0x55
}

fn decode(byte: u8) -> i16 {
    let byte = byte ^ 0x55;
    let mantissa = i16::from(byte & 0x0f);
    let exponent = (byte >> 4) & 0x07;
    let size = if exponent == 0 {
        (mantissa << 4) + 8
    } else {
        ((mantissa << 4) + 0x108) << (exponent - 1)
    };
    if byte & 0x80 == 0 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spoken_is_heard_within_the_step_of_the_codec() {
        for sample in (-32000i16..32000).step_by(37) {
            let back = decode(encode(sample));
            let step = (sample.unsigned_abs() / 16).max(16);
            assert!(back.abs_diff(sample) <= step, "{sample} came back as {back}");
        }
    }
}
