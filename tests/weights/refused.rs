//! Each way in which a file can be wrong, with the exact sentence that a user reads after the file's name.

use super::model;
use addersr::nn::Model;
use serde_json::{Value, json};

/// The sentence with which a file is refused.
fn sentence(bytes: &[u8]) -> String {
    Model::from_bytes(bytes).unwrap_err().to_string()
}

/// The model's file with its header changed and the length in front of it set right; the values stay.
fn with_header(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let bytes = model().to_bytes().unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let (header, values) = bytes[8..].split_at(length);
    let mut header: Value = serde_json::from_slice(header).unwrap();
    change(&mut header);
    file(header.to_string().as_bytes(), values)
}

fn file(header: &[u8], values: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header, values].concat()
}

/// The model's file with one metadata entry set, or removed.
fn with_entry(key: &str, value: Option<&str>) -> Vec<u8> {
    with_header(|header| {
        let entries = header["__metadata__"].as_object_mut().unwrap();
        match value {
            Some(value) => entries.insert(key.to_owned(), json!(value)),
            None => entries.remove(key),
        };
    })
}

#[test]
fn another_file_entirely() {
    let damaged =
        |why: &str| format!("it is not a safetensors file or it is damaged ({why}); download or train it again");
    assert_eq!(sentence(b""), damaged("it has 0 bytes, fewer than the length of a header"));
    assert_eq!(sentence(b"GIF89a"), damaged("it has 6 bytes, fewer than the length of a header"));
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let why = format!("its header claims {} bytes, of which it has 8", u64::from_le_bytes(*png.first_chunk().unwrap()));
    assert_eq!(sentence(png), damaged(&why));
    let why = "its header cannot be understood: expected value at line 1 column 1";
    assert_eq!(sentence(&file(b"hello", b"")), damaged(why));
    assert_eq!(sentence(&file(b"\xff\xfe", b"")), damaged(why));
    assert!(sentence(&file(b"[]", b"")).contains("its header cannot be understood: invalid type: sequence"));
}

#[test]
fn absurd_header_lengths() {
    let mut bytes = model().to_bytes().unwrap();
    let left = bytes.len() - 8;
    for claimed in [left as u64 + 1, 100_000_001, u64::from(u32::MAX), u64::MAX - 8, u64::MAX] {
        bytes[..8].copy_from_slice(&claimed.to_le_bytes());
        let why = format!("its header claims {claimed} bytes, of which it has {left}");
        let expected = format!("it is not a safetensors file or it is damaged ({why}); download or train it again");
        assert_eq!(sentence(&bytes), expected);
    }
}

/// Eight tensors of 2⁶¹ − 1 bytes: their sum fits into 64 bits, that sum and the header's length do not.
#[test]
fn sizes_that_overflow() {
    let size = (1_u64 << 61) - 1;
    let tensors: Vec<String> = (0..8)
        .map(|i| {
            format!(r#""t{i}":{{"dtype":"U8","shape":[{size}],"data_offsets":[{},{}]}}"#, i * size, (i + 1) * size)
        })
        .collect();
    let bytes = file(format!("{{{}}}", tensors.join(",")).as_bytes(), b"");
    let why = format!("its tensors claim {} bytes, of which it has 0", 8 * size);
    let expected = format!("it is not a safetensors file or it is damaged ({why}); download or train it again");
    assert_eq!(sentence(&bytes), expected);
    let huge = with_header(|header| header["head.bias"]["shape"] = json!([u64::MAX, 8]));
    assert!(sentence(&huge).contains("overflow"), "{}", sentence(&huge));
}

#[test]
fn truncated_and_lengthened() {
    let bytes = model().to_bytes().unwrap();
    let values: usize = model().params.values.iter().map(|v| v.len() * 4).sum();
    let expected = |left: usize| {
        let why = format!("its tensors claim {values} bytes, of which it has {left}");
        format!("it is not a safetensors file or it is damaged ({why}); download or train it again")
    };
    assert_eq!(sentence(&bytes[..bytes.len() - 1]), expected(values - 1));
    assert_eq!(sentence(&[bytes.as_slice(), b"\0"].concat()), expected(values + 1));
}

#[test]
fn missing_tensor() {
    let bytes = with_header(|header| {
        let header = header.as_object_mut().unwrap();
        let tensor = header.remove("body.0.1.bn.running_var").unwrap();
        header.insert("body.0.1.bn.var".to_owned(), tensor);
    });
    let expected = "it lacks the tensor `body.0.1.bn.running_var` [3] that its own description asks for";
    assert_eq!(sentence(&bytes), expected);
}

#[test]
fn wrong_shape() {
    let bytes = with_header(|header| header["tail.weight"]["shape"] = json!([3, 12, 3, 3]));
    let expected = "the tensor `tail.weight` is F32 [3, 12, 3, 3], but its description asks for F32 [12, 3, 3, 3]";
    assert_eq!(sentence(&bytes), expected);
}

#[test]
fn wrong_type() {
    let bytes = with_header(|header| {
        header["head.weight"]["dtype"] = json!("F16");
        header["head.weight"]["shape"] = json!([3, 3, 3, 6]);
    });
    let expected = "the tensor `head.weight` is F16 [3, 3, 3, 6], but its description asks for F32 [3, 3, 3, 3]";
    assert_eq!(sentence(&bytes), expected);
    let bytes = with_header(|header| header["head.weight"]["dtype"] = json!("I32"));
    let expected = "the tensor `head.weight` is I32 [3, 3, 3, 3], but its description asks for F32 [3, 3, 3, 3]";
    assert_eq!(sentence(&bytes), expected);
}

#[test]
fn unknown_tensor() {
    let extra = |dtype: &str| {
        with_header(|header| {
            let end = model().params.values.iter().map(|v| v.len() * 4).sum::<usize>();
            header["extra.weight"] = json!({ "dtype": dtype, "shape": [0], "data_offsets": [end, end] });
        })
    };
    let expected = "it holds the tensor `extra.weight`, which no layer of its description reads";
    assert_eq!(sentence(&extra("F32")), expected);
    assert_eq!(sentence(&extra("BOOL")), expected);
}

/// The file of a model whose parameter of that name has that value in it.
fn with_value(name: &str, value: f32) -> Vec<u8> {
    let bytes = model().to_bytes().unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header: Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    let at = 8 + length + header[name]["data_offsets"][1].as_u64().unwrap() as usize - 4;
    let mut bytes = bytes;
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    bytes
}

#[test]
fn values_that_arithmetic_cannot_use() {
    let refused = |name: &str, value: f32| {
        let why = "holds values that are not finite, or a variance below zero; train it again";
        assert_eq!(sentence(&with_value(name, value)), format!("the tensor `{name}` {why}"));
    };
    refused("tail.bias", f32::NAN);
    refused("body.0.0.adder.weight", f32::INFINITY);
    refused("body.0.0.power.alpha", f32::NEG_INFINITY);
    refused("body.0.1.bn.running_var", -1e-3);
    // What is negative elsewhere, and a variance of nothing, are values like others.
    assert!(Model::from_bytes(&with_value("body.0.1.bn.running_mean", -1e-3)).is_ok());
    assert!(Model::from_bytes(&with_value("body.0.1.bn.running_var", -0.0)).is_ok());
}

#[test]
fn wrong_metadata() {
    let entry = |key: &str, value: &str, expected: &str| {
        let sentence = sentence(&with_entry(key, Some(value)));
        assert_eq!(sentence, format!("the metadata entry `{key}` is `{value}`; expected {expected}"));
    };
    entry("format_version", "2", "1; a newer addersr may have written it");
    entry("arch", "resnet", "aedsr, apsr or avdsr");
    entry("scale", "9", "a whole number from 1 to 8");
    entry("scale", "2.0", "a whole number from 1 to 8");
    entry("channels", "18446744073709551616", "a whole number from 1 to 1024");
    entry("blocks", "-1", "a whole number from 1 to 256");
    entry("unit", "relu", "adder or conv");
    entry("self_shortcut", "yes", "true or false");
    entry("power", "pixel", "none, layer or channel");
    entry("residual_scale", "NaN", "a number");
    for key in ["format_version", "arch", "scale", "channels", "blocks"] {
        let expected = "the file was not written by a program that knows this format";
        assert_eq!(sentence(&with_entry(key, None)), format!("the metadata has no entry `{key}`; {expected}"));
    }
    let none = with_header(|header| drop(header.as_object_mut().unwrap().remove("__metadata__")));
    assert!(sentence(&none).starts_with("the metadata has no entry `format_version`"));
}

/// Metadata that describes another network than the tensors: the first tensor that does not fit is named.
#[test]
fn metadata_of_another_network() {
    let sentence = |key, value| sentence(&with_entry(key, Some(value)));
    let channels = "the tensor `head.weight` is F32 [3, 3, 3, 3], but its description asks for F32 [1024, 3, 3, 3]";
    assert_eq!(sentence("channels", "1024"), channels);
    let blocks = "it lacks the tensor `body.1.0.adder.weight` [3, 3, 3, 3] that its own description asks for";
    assert_eq!(sentence("blocks", "256"), blocks);
    let unit = "it lacks the tensor `body.0.0.conv.weight` [3, 3, 3, 3] that its own description asks for";
    assert_eq!(sentence("unit", "conv"), unit);
    let power = "it holds the tensor `body.0.0.power.alpha`, which no layer of its description reads";
    assert_eq!(sentence("power", "none"), power);
}
