//! How loud sound was. Knows nothing of bots.

use std::fmt;

use chinwag_sdk::audio::SAMPLE_RATE;
use serde::{Deserialize, Serialize};

/// What was heard so far.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Level {
    samples: u32,
    /// The sum of the squares of all samples; full scale is 1.
    energy: f64,
}

impl Level {
    pub(crate) fn hear(&mut self, samples: impl Iterator<Item = i16>) {
        for sample in samples {
            self.samples += 1;
            self.energy += (f64::from(sample) / f64::from(i16::MAX)).powi(2);
        }
    }

    /// Decibels below full scale; silence is far below.
    fn decibels(&self) -> f64 {
        let mean = self.energy / f64::from(self.samples.max(1));
        10.0 * mean.max(1e-10).log10()
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = f64::from(self.samples) / f64::from(SAMPLE_RATE);
        write!(f, "heard {seconds:.1} s at {:.0} dB", self.decibels())
    }
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn full_scale_is_zero_decibels_and_a_tenth_of_it_is_twenty_below() {
        for (sample, expected) in
            [(i16::MAX, "heard 1.0 s at 0 dB"), (3_277, "heard 1.0 s at -20 dB")]
        {
            let mut level = Level::default();
            level.hear(std::iter::repeat_n(sample, 24_000));
            assert_eq!(level.to_string(), expected);
        }
    }
}
