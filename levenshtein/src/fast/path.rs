//! Which vectors this machine has, and running a kernel with them.

use super::portable::Portable;
use super::simd::Simd;
use std::sync::atomic::{AtomicU8, Ordering};

/// A way of doing 512 bits at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Path {
    /// Machine words, which every machine has.
    Portable = 1,
    /// Two registers of 256 bits (x86-64).
    Avx2 = 2,
    /// One register of 512 bits (x86-64: Ice Lake, Zen 4 and later).
    Avx512 = 3,
    /// Four registers of 128 bits (`AArch64`).
    Neon = 4,
}

/// The path in use; 0 until somebody asks.
static CHOSEN: AtomicU8 = AtomicU8::new(0);

impl Path {
    /// Every path there is, on whatever machine.
    pub const ALL: [Path; 4] = [Path::Portable, Path::Avx2, Path::Avx512, Path::Neon];

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Path::Portable => "portable",
            Path::Avx2 => "avx2",
            Path::Avx512 => "avx512",
            Path::Neon => "neon",
        }
    }

    /// Whether this machine can take it.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Path::Portable => true,
            #[cfg(all(target_arch = "x86_64", not(miri)))]
            Path::Avx2 => super::x86::Avx2::detected(),
            #[cfg(all(target_arch = "x86_64", not(miri)))]
            Path::Avx512 => super::x86::Avx512::detected(),
            #[cfg(all(target_arch = "aarch64", not(miri)))]
            Path::Neon => std::arch::is_aarch64_feature_detected!("neon"),
            #[allow(unreachable_patterns, reason = "which there are depends on the target")]
            _ => false,
        }
    }

    /// The path that all kernels take: the fastest that this machine has, unless
    /// [`Path::force`] has said otherwise.
    #[inline]
    #[must_use]
    pub fn current() -> Self {
        match CHOSEN.load(Ordering::Relaxed) {
            1 => Path::Portable,
            2 => Path::Avx2,
            3 => Path::Avx512,
            4 => Path::Neon,
            _ => Self::choose(),
        }
    }

    #[cold]
    fn choose() -> Self {
        let best = [Path::Neon, Path::Avx512, Path::Avx2]
            .into_iter()
            .find(|path| path.is_available())
            .unwrap_or(Path::Portable);
        CHOSEN.store(best as u8, Ordering::Relaxed);
        best
    }

    /// Has all kernels take this path from now on, in every thread. For tests and
    /// measurements; the answers are the same on each.
    ///
    /// # Errors
    ///
    /// The path itself, when this machine cannot take it; nothing changes then.
    pub fn force(self) -> Result<(), Path> {
        if !self.is_available() {
            return Err(self);
        }
        CHOSEN.store(self as u8, Ordering::Relaxed);
        Ok(())
    }
}

/// A kernel, to be compiled once for each path.
pub(crate) trait Kernel {
    type Output;

    /// Has to be `#[inline(always)]`: only then is it compiled for the path.
    fn run<S: Simd>(self, simd: S) -> Self::Output;
}

/// Runs a kernel on a path, which has to be available.
#[allow(unsafe_code)]
pub(crate) fn dispatch<K: Kernel>(path: Path, kernel: K) -> K::Output {
    match path {
        #[cfg(all(target_arch = "x86_64", not(miri)))]
        // SAFETY: a path is only ever current when it is available.
        Path::Avx512 => unsafe { with_avx512(kernel) },
        #[cfg(all(target_arch = "x86_64", not(miri)))]
        // SAFETY: as above.
        Path::Avx2 => unsafe { with_avx2(kernel) },
        #[cfg(all(target_arch = "aarch64", not(miri)))]
        // SAFETY: as above.
        Path::Neon => unsafe { with_neon(kernel) },
        _ => kernel.run(Portable),
    }
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
#[allow(unsafe_code)]
#[target_feature(
    enable = "avx2,bmi1,bmi2,popcnt,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2,avx512bitalg,avx512vpopcntdq"
)]
fn with_avx512<K: Kernel>(kernel: K) -> K::Output {
    // SAFETY: this function is called only where the CPU has them.
    kernel.run(unsafe { super::x86::Avx512::new() })
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
#[allow(unsafe_code)]
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn with_avx2<K: Kernel>(kernel: K) -> K::Output {
    // SAFETY: this function is called only where the CPU has them.
    kernel.run(unsafe { super::x86::Avx2::new() })
}

#[cfg(all(target_arch = "aarch64", not(miri)))]
#[allow(unsafe_code)]
#[target_feature(enable = "neon")]
fn with_neon<K: Kernel>(kernel: K) -> K::Output {
    // SAFETY: this function is called only where the CPU has it.
    kernel.run(unsafe { super::neon::Neon::new() })
}
