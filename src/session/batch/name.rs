//! Names of files in the journal: text where they are text, bytes where they are not.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::path::PathBuf;

/// A file name in JSON: text, or bytes where it is none.
pub(super) struct Name(pub(super) PathBuf);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Spelt {
    Text(String),
    Bytes(Vec<u8>),
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0.to_str() {
            Some(text) => Spelt::Text(text.to_owned()).serialize(to),
            None => Spelt::Bytes(self.0.as_os_str().as_encoded_bytes().to_vec()).serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Spelt::deserialize(from)? {
            Spelt::Text(text) => Ok(Self(text.into())),
            Spelt::Bytes(bytes) => from_bytes(bytes)
                .map(Self)
                .ok_or_else(|| serde::de::Error::custom("a file name of another system, which this one cannot spell")),
        }
    }
}

#[cfg(unix)]
fn from_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(std::ffi::OsString::from_vec(bytes).into())
}

/// Only Unix says what these bytes mean.
#[cfg(not(unix))]
fn from_bytes(_: Vec<u8>) -> Option<PathBuf> {
    None
}
