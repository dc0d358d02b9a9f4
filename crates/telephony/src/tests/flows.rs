//! Voice menus as data.

use crate::main_flow;
use crate::model::flow::{Graph, Heard, Next, Node};
use crate::model::sound::measure;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeSet;

fn queues() -> BTreeSet<String> {
    ["repair", "fee", "complaint", "general"].map(str::to_owned).into()
}

fn faults(graph: serde_json::Value) -> Vec<String> {
    let graph: Graph = serde_json::from_value(graph).unwrap();
    graph.faults(&queues()).into_iter().map(|f| f.field).collect()
}

/// accepts IV-04
#[test]
fn a_graph_with_a_mistake_is_refused_and_the_place_named() {
    let menu = |choices: serde_json::Value, fallback: &str| {
        json!({"kind": "menu", "prompts": ["m"], "choices": choices, "timeout_s": 5, "tries": 2,
               "fallback": fallback})
    };
    let q = json!({"kind": "queue", "queue": "repair"});
    let play = |next: &str| json!({"kind": "play", "prompts": ["a"], "next": next});
    for (nodes, expected) in [
        (json!({"a": q}), vec![]),
        (json!({"b": q}), vec!["start"]),
        (json!({"a": play("x")}), vec!["nodes.a.x"]),
        (json!({"a": play("a")}), vec!["nodes.a"]),
        (json!({"a": play("b"), "b": play("a")}), vec!["nodes.a", "nodes.b"]),
        (json!({"a": menu(json!({"1": "q"}), "a"), "q": q}), vec!["nodes.a"]),
        (json!({"a": menu(json!({"1": "a"}), "q"), "q": q}), vec![]),
        (json!({"a": menu(json!({"12": "q"}), "q"), "q": q}), vec!["nodes.a.choices"]),
        (json!({"a": menu(json!({}), "q"), "q": q}), vec!["nodes.a.choices"]),
        (json!({"a": menu(json!({"1": "x"}), "q"), "q": q}), vec!["nodes.a.x"]),
        (json!({"a": {"kind": "queue", "queue": "none"}}), vec!["nodes.a.queue"]),
        (json!({"a": {"kind": "hangup", "prompts": ["../x"]}}), vec!["nodes.a.prompts"]),
    ] {
        assert_eq!(faults(json!({"start": "a", "nodes": nodes})), expected, "{nodes}");
    }
}

#[test]
fn the_flow_of_a_new_installation_is_sound() {
    assert_eq!(main_flow().faults(&queues()), vec![]);
}

fn node() -> impl Strategy<Value = Node> {
    let name = || (0..6u8).prop_map(|n| format!("n{n}"));
    let keys = prop::collection::btree_map("[0-9*#]", name(), 1..4);
    prop_oneof![
        name().prop_map(|next| Node::Play { prompts: vec!["a".to_owned()], next }),
        (keys, 1..4u16, name()).prop_map(|(choices, tries, fallback)| Node::Menu {
            prompts: vec!["m".to_owned()],
            choices,
            timeout_s: 5,
            tries,
            invalid_prompt: None,
            fallback,
        }),
        Just(Node::Queue { queue: "repair".to_owned() }),
        Just(Node::Hangup { prompts: vec![] }),
    ]
}

proptest! {
    /// Whatever a caller presses and then stays silent: people or a goodbye follow.
    #[test]
    fn in_a_graph_without_faults_everybody_arrives(
        nodes in prop::collection::vec(node(), 6),
        keys in "[0-9*#]{0,12}",
    ) {
        let nodes = nodes.into_iter().enumerate().map(|(i, n)| (format!("n{i}"), n)).collect();
        let graph = Graph { start: "n0".to_owned(), nodes };
        prop_assume!(graph.faults(&queues()).is_empty());
        let (mut at, mut tries) = (graph.start.clone(), 0);
        let mut keys = keys.chars();
        for _ in 0..200 {
            let node = &graph.nodes[&at];
            let heard = match (node, keys.next()) {
                (Node::Queue { .. } | Node::Hangup { .. }, _) => return Ok(()),
                (Node::Menu { .. }, Some(key)) => Heard::Key(key),
                _ => Heard::Silence,
            };
            match node.step(tries, heard) {
                Next::Go(to) => (at, tries) = (to, 0),
                Next::Again(_) => tries += 1,
                other => prop_assert!(false, "{:?}", other),
            }
        }
        prop_assert!(false, "never arrived");
    }

    #[test]
    fn any_bytes_are_measured_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = measure(&bytes);
        let mut wav = b"RIFF\0\0\0\0WAVE".to_vec();
        wav.extend(bytes);
        let _ = measure(&wav);
    }
}

#[test]
fn a_recording_is_measured_even_when_its_header_was_left_unfinished() {
    let wav = |said: u32, samples: &[i16]| {
        let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        wav.extend(8000u32.to_le_bytes());
        wav.extend(16000u32.to_le_bytes());
        wav.extend(b"\x02\0\x10\0data");
        wav.extend(said.to_le_bytes());
        wav.extend(samples.iter().flat_map(|s| s.to_le_bytes()));
        wav
    };
    let mut samples = vec![0i16; 16000];
    samples[8000] = i16::MIN;
    for said in [32000, 0, u32::MAX] {
        let measured = measure(&wav(said, &samples)).unwrap();
        assert!((measured.seconds - 2.0).abs() < 1e-9);
        assert_eq!(measured.peaks.len(), 800);
        assert_eq!(measured.peaks.iter().position(|p| *p == 255), Some(400));
    }
    assert_eq!(measure(&wav(0, &[])).unwrap().seconds, 0.0);
    assert_eq!(measure(b"not a recording at all"), None);
}
