// What a core does of the instructions that 8-bit adder layers can be made of, in registers alone: G useful taps per second, the best of
// seven, by the thread's own time.
//
//     cc -O2 benches/registers/probe.c -o probe && ./probe        (x86-64; what the processor has not is left out)
//
// Twelve results are independent of each other, so that latencies do not count. A tap is a difference that a 3x3 window needs: of the four
// taps in a sum of vdbpsadbw and vmpsadbw three.
#define _GNU_SOURCE
#include <stdio.h>
#include <time.h>

#define LOOPS 4000000L

#define KERNEL(name, line)                                                                                                      \
    static void name(void) {                                                                                                    \
        long n = LOOPS;                                                                                                         \
        __asm__ volatile("1:\n" line(2, 14) line(3, 15) line(4, 16) line(5, 17) line(6, 18) line(7, 19) line(8, 20) line(9, 21) \
                             line(10, 22) line(11, 23) line(12, 24) line(13, 25) "dec %0\n jnz 1b\n"                            \
                         : "+r"(n)::"cc");                                                                                      \
    }

#define SAD_ALONE(a, t) "vpsadbw %%zmm0, %%zmm1, %%zmm" #t "\n"
#define SAD_Q(a, t) SAD_ALONE(a, t) "vpaddq %%zmm" #t ", %%zmm" #a ", %%zmm" #a "\n"
#define SAD_USW(a, t) SAD_ALONE(a, t) "vpaddusw %%zmm" #t ", %%zmm" #a ", %%zmm" #a "\n"
#define DBP_ALONE(a, t) "vdbpsadbw $0x94, %%zmm0, %%zmm1, %%zmm" #t "\n"
#define DBP_W(a, t) DBP_ALONE(a, t) "vpaddw %%zmm" #t ", %%zmm" #a ", %%zmm" #a "\n"
#define DBP_USW(a, t) DBP_ALONE(a, t) "vpaddusw %%zmm" #t ", %%zmm" #a ", %%zmm" #a "\n"
#define MIN_DP(a, t) "vpminub %%zmm0, %%zmm1, %%zmm" #t "\n vpdpbusd %%zmm1, %%zmm" #t ", %%zmm" #a "\n"
#define MAX_FMA(a, t) "vmaxps %%zmm0, %%zmm1, %%zmm" #t "\n vfmadd231ps %%zmm0, %%zmm" #t ", %%zmm" #a "\n"
#define DP(a, t) "vpdpbusd %%zmm0, %%zmm1, %%zmm" #a "\n"
#define FMA(a, t) "vfmadd231ps %%zmm0, %%zmm1, %%zmm" #a "\n"
// At 256 bits one register takes all differences (renaming makes them independent), so that the sixteen of AVX2 are enough.
#define SAD_256(a, t) "vpsadbw %%ymm0, %%ymm1, %%ymm14\n"
#define SAD_D_256(a, t) SAD_256(a, t) "vpaddd %%ymm14, %%ymm" #a ", %%ymm" #a "\n"
#define SAD_W_256(a, t) SAD_256(a, t) "vpaddw %%ymm14, %%ymm" #a ", %%ymm" #a "\n"
#define SAD_USW_256(a, t) SAD_256(a, t) "vpaddusw %%ymm14, %%ymm" #a ", %%ymm" #a "\n"
#define MP_256(a, t) "vmpsadbw $0, %%ymm0, %%ymm1, %%ymm14\n"
#define MP_W_256(a, t) MP_256(a, t) "vpaddw %%ymm14, %%ymm" #a ", %%ymm" #a "\n"
#define MP_USW_256(a, t) MP_256(a, t) "vpaddusw %%ymm14, %%ymm" #a ", %%ymm" #a "\n"

KERNEL(sad_alone, SAD_ALONE)
KERNEL(sad_q, SAD_Q)
KERNEL(sad_usw, SAD_USW)
KERNEL(dbp_alone, DBP_ALONE)
KERNEL(dbp_w, DBP_W)
KERNEL(dbp_usw, DBP_USW)
KERNEL(min_dp, MIN_DP)
KERNEL(max_fma, MAX_FMA)
KERNEL(dp, DP)
KERNEL(fused, FMA)
KERNEL(sad_256, SAD_256)
KERNEL(sad_d_256, SAD_D_256)
KERNEL(sad_w_256, SAD_W_256)
KERNEL(sad_usw_256, SAD_USW_256)
KERNEL(mp_256, MP_256)
KERNEL(mp_w_256, MP_W_256)
KERNEL(mp_usw_256, MP_USW_256)

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void measure(const char *name, void (*kernel)(void), double taps) {
    double best = 1e9;
    for (int i = 0; i < 7; i++) {
        double began = seconds();
        kernel();
        double took = seconds() - began;
        best = took < best ? took : best;
    }
    printf("%-28s %6.0f\n", name, taps * 12 * LOOPS / best * 1e-9);
}

int main(void) {
    int wide = __builtin_cpu_supports("avx512bw"), vnni = __builtin_cpu_supports("avx512vnni");
    if (wide) {
        measure("vpsadbw alone", sad_alone, 64);
        measure("vpsadbw + vpaddq", sad_q, 64);
        measure("vpsadbw + vpaddusw", sad_usw, 64);
        measure("vdbpsadbw alone", dbp_alone, 96);
        measure("vdbpsadbw + vpaddw", dbp_w, 96);
        measure("vdbpsadbw + vpaddusw", dbp_usw, 96);
        measure("vfmadd231ps", fused, 16);
        measure("vmaxps + vfmadd231ps", max_fma, 16);
    }
    if (vnni) measure("vpminub + vpdpbusd", min_dp, 64);
    if (vnni) measure("vpdpbusd", dp, 64);
    if (__builtin_cpu_supports("avx2")) {
        measure("256: vpsadbw alone", sad_256, 32);
        measure("256: vpsadbw + vpaddd", sad_d_256, 32);
        measure("256: vpsadbw + vpaddw", sad_w_256, 32);
        measure("256: vpsadbw + vpaddusw", sad_usw_256, 32);
        measure("256: vmpsadbw alone", mp_256, 48);
        measure("256: vmpsadbw + vpaddw", mp_w_256, 48);
        measure("256: vmpsadbw + vpaddusw", mp_usw_256, 48);
    }
    return 0;
}
