//! The `data:` lines of server-sent events. No more of the format is needed for a stream whose events are one line each.

/// Bytes of a line that is not whole yet. A server's lines are far shorter; more is cut.
const MAX_LINE: usize = 1 << 20;

/// Collects chunks, hands out whole lines.
#[derive(Debug, Default)]
pub struct DataLines {
    rest: Vec<u8>,
}

impl DataLines {
    /// Adds a chunk; answers the data of the lines that are whole now.
    #[must_use]
    pub fn push(&mut self, chunk: &[u8]) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        for part in chunk.split_inclusive(|byte| *byte == b'\n') {
            let room = MAX_LINE.saturating_sub(self.rest.len());
            self.rest.extend(part.iter().take(room));
            if part.ends_with(b"\n") {
                let line = std::mem::take(&mut self.rest);
                found.extend(line.strip_prefix(b"data:").map(|data| data.trim_ascii().to_vec()));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_however_they_are_cut() {
        let stream = b"data: {\"a\":1}\r\n\n: keep-alive\n\nevent: x\ndata:{\"b\":2}\n\ndata: cut";
        for size in 1..stream.len() {
            let mut lines = DataLines::default();
            let found: Vec<_> = stream.chunks(size).flat_map(|chunk| lines.push(chunk)).collect();
            assert_eq!(found, [br#"{"a":1}"#.to_vec(), br#"{"b":2}"#.to_vec()]);
        }
    }
}
