//! WGSL and Rust kept in step by a machine, without a GPU: every shader validates for every set of constants it is used
//! with, its bindings equal the Rust table, its structs lie as the Rust ones do.

use addersr::backend::gpu::{
    shaders::{Binding, Constants, Kernel, expand, variants},
    uniforms::{FIRST, FusedOp, MAX_FUSED},
};
use naga::{
    AddressSpace, Module, StorageAccess, TypeInner,
    back::{PipelineConstants, pipeline_constants::process_overrides},
    valid::{Capabilities, ModuleInfo, ValidationFlags, Validator},
};
use std::mem::offset_of;

/// Bytes of workgroup memory that WebGPU promises; more is used only where an adapter has it.
const PROMISED_MEMORY: u32 = 16 << 10;

fn parse(kernel: Kernel) -> (Module, ModuleInfo) {
    let shader = kernel.shader();
    let text = expand(shader.text);
    let module = naga::front::wgsl::parse_str(&text)
        .unwrap_or_else(|e| panic!("{}", e.emit_to_string_with_path(&text, shader.name)));
    let info =
        validator().validate(&module).unwrap_or_else(|e| panic!("{}", e.emit_to_string_with_path(&text, shader.name)));
    (module, info)
}

fn validator() -> Validator {
    Validator::new(ValidationFlags::all(), Capabilities::SHADER_FLOAT16)
}

#[test]
fn every_file_is_a_kernel() {
    let folder = std::fs::read_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("shaders")).unwrap();
    let mut files: Vec<String> = folder
        .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".wgsl")?.to_owned()))
        .collect();
    let mut kernels: Vec<String> = Kernel::ALL.iter().map(|k| k.shader().name.to_owned()).collect();
    files.sort();
    kernels.sort();
    assert_eq!(kernels, files, "what Kernel::ALL lists, and what lies in shaders/");
}

#[test]
fn every_variant_is_valid_and_fits_the_promised_memory() {
    for &kernel in Kernel::ALL {
        let (module, info) = parse(kernel);
        let all = variants(kernel, PROMISED_MEMORY);
        assert!(!all.is_empty(), "{kernel:?} is used");
        for constants in all {
            check(kernel, &module, &info, &constants);
        }
    }
}

fn check(kernel: Kernel, module: &Module, info: &ModuleInfo, constants: &Constants) {
    let case = format!("{kernel:?} with {constants:?}");
    let names: Vec<&str> = constants.iter().map(|(name, _)| *name).collect();
    let table: Vec<&str> = kernel.shader().constants.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, table, "{case}: the table's constants are those that are set");
    let values: PipelineConstants = constants.iter().map(|&(n, v)| (n.to_owned(), f64::from(v))).collect();
    let (module, _) = process_overrides(module, info, None, &values).unwrap_or_else(|e| panic!("{case}: {e}"));
    validator().validate(&module).unwrap_or_else(|e| panic!("{case}: {e:?}"));
    let memory: u32 = module
        .global_variables
        .iter()
        .filter(|(_, v)| v.space == AddressSpace::WorkGroup)
        .map(|(_, v)| module.types[v.ty].inner.size(module.to_ctx()))
        .sum();
    assert!(memory <= PROMISED_MEMORY, "{case}: {memory} bytes of workgroup memory");
    let lanes: u32 = module.entry_points[0].workgroup_size.iter().product();
    assert!((1..=256).contains(&lanes), "{case}: {lanes} invocations");
}

#[test]
fn bindings_equal_the_table() {
    for &kernel in Kernel::ALL {
        let shader = kernel.shader();
        let (module, _) = parse(kernel);
        let mut found = Vec::new();
        for (_, variable) in module.global_variables.iter() {
            let Some(binding) = variable.binding else { continue };
            assert_eq!(binding.group, 0, "{}", shader.name);
            let kind = match variable.space {
                AddressSpace::Uniform => Binding::Uniforms,
                AddressSpace::Storage { access } if access.contains(StorageAccess::STORE) => Binding::Write,
                AddressSpace::Storage { .. } => Binding::Read,
                other => panic!("{}: a binding in {other:?}", shader.name),
            };
            found.push((binding.binding, kind));
        }
        found.sort_by_key(|(binding, _)| *binding);
        let table: Vec<_> = (0..).zip(shader.bindings.iter().copied()).collect();
        assert_eq!(found, table, "{}", shader.name);
        let overrides: Vec<_> = module.overrides.iter().filter_map(|(_, o)| o.name.clone()).collect();
        for (name, _) in shader.constants {
            assert!(overrides.iter().any(|o| o == name), "{} has no constant {name}", shader.name);
        }
    }
}

#[test]
fn structs_lie_as_in_rust() {
    macro_rules! fields {
        ($T:ty: $($field:ident),* $(,)?) => { vec![$((stringify!($field), offset_of!($T, $field))),*] };
    }
    let fused = fields!(FusedOp: kind, table, factor, operand, dy, dx, h, w);
    for &kernel in Kernel::ALL {
        let (module, family) = (parse(kernel).0, kernel.shader().family);
        let (size, fields) = lies(&module, "Uniforms").unwrap_or_else(|| panic!("{kernel:?} has no uniforms"));
        assert_eq!(size, family.size(), "{kernel:?}: size of its uniforms");
        let first = FIRST.into_iter().zip([0, 4, 8]);
        let rest = family.fields().iter().copied().filter(|(name, _)| *name != "padding");
        let expected: Vec<_> = first.chain(rest).map(|(name, at)| (name.to_owned(), at)).collect();
        assert_eq!(fields, expected, "{kernel:?}");
        if let Some((size, fields)) = lies(&module, "FusedOp") {
            assert_eq!(size, size_of::<FusedOp>(), "{kernel:?}");
            assert!(fields.iter().map(|(name, at)| (name.as_str(), *at)).eq(fused.iter().copied()), "{kernel:?}");
        }
        for (_, variable) in module.types.iter() {
            if let TypeInner::Array { size: naga::ArraySize::Constant(n), base, .. } = variable.inner
                && module.types[base].name.as_deref() == Some("FusedOp")
            {
                assert_eq!(n.get() as usize, MAX_FUSED);
            }
        }
    }
}

/// Bytes of a struct, and where each of its fields begins.
fn lies(module: &Module, name: &str) -> Option<(usize, Vec<(String, usize)>)> {
    let (_, ty) = module.types.iter().find(|(_, ty)| ty.name.as_deref() == Some(name))?;
    let TypeInner::Struct { members, span } = &ty.inner else { panic!("{name} is a struct") };
    let fields = members.iter().map(|m| (m.name.clone().unwrap_or_default(), m.offset as usize));
    Some((*span as usize, fields.collect()))
}

/// A validator that accepts everything would make the tests above worthless.
#[test]
fn mistakes_are_found() {
    let valid = |text: &str| naga::front::wgsl::parse_str(text).is_ok_and(|m| validator().validate(&m).is_ok());
    let text = expand(Kernel::Conv.shader().text);
    assert!(valid(&text));
    let wrong = text.replace("fma(vec4(x.x), w[0], sum)", "fma(x.x, w[0], sum)");
    assert!(wrong != text && !valid(&wrong), "a product of a scalar and a vec4 passed");
}
