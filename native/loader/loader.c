/*
 * libpolyad_blas for any x86-64 machine with AVX2: opens, from the folder that it lies in itself, the engine that was compiled for the most that the
 * processor has, and jumps there. POLYAD_ISA=x86-64-v3 in the environment keeps to the lower level.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOTH(X, name) X(d##name##_) X(s##name##_)
#define EXPORTS(X)                                                                                                                             \
    X(polyad_version) X(polyad_isa) X(polyad_set_num_threads) X(polyad_get_num_threads) X(polyad_set_error_handler)                            \
    BOTH(X, gemm) BOTH(X, syrk) BOTH(X, trsm) BOTH(X, getrf) BOTH(X, potrf) BOTH(X, geqrf) BOTH(X, orgqr) BOTH(X, gesdd) BOTH(X, syevd)

/* One slot per name, and under the name itself a jump through it that leaves registers and stack as the caller made them. */
#define SLOT(name) __attribute__((visibility("hidden"))) void *slot_##name;
EXPORTS(SLOT)

#define JUMP(name)                                               \
    __asm__(".text\n.p2align 4\n.globl " #name "\n"              \
            ".type " #name ", @function\n" #name ":\n"           \
            "\tendbr64\n\tjmp *slot_" #name "(%rip)\n"           \
            ".size " #name ", .-" #name "\n");
EXPORTS(JUMP)

static char reason[512];

static void refuse(void)
{
    fprintf(stderr, "libpolyad_blas: %s\n", reason);
    abort();
}

/* The levels of the x86-64 psABI, by those of their features that the engine is compiled for. */
static const char *level(void)
{
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("bmi") || !__builtin_cpu_supports("bmi2"))
    {
        return NULL;
    }

    const char *limit = getenv("POLYAD_ISA");
    int wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    return wide && !(limit && strcmp(limit, "x86-64-v3") == 0) ? "x86-64-v4" : "x86-64-v3";
}

static void *engine(void)
{
    const char *isa = level();
    Dl_info self;
    char path[4096];
    if (!isa)
    {
        snprintf(reason, sizeof reason, "this processor has no AVX2");
        return NULL;
    }

    if (!dladdr((void *)&reason, &self) || !self.dli_fname)
    {
        snprintf(reason, sizeof reason, "its own folder could not be found");
        return NULL;
    }

    const char *slash = strrchr(self.dli_fname, '/');
    int folder = slash ? (int)(slash - self.dli_fname) + 1 : 0;
    int length = snprintf(path, sizeof path, "%.*slibpolyad_blas_%s.so", folder, self.dli_fname, isa);
    void *library = length < (int)sizeof path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
    if (!library)
    {
        const char *why = dlerror();
        snprintf(reason, sizeof reason, "%s", why ? why : "its path is too long");
    }

    return library;
}

/* A failure is told at the first call: a program that only links the library is not ended by it. */
static void *target(void *library, const char *name)
{
    void *found = library ? dlsym(library, name) : NULL;
    if (library && !found)
    {
        snprintf(reason, sizeof reason, "the engine does not export %s", name);
    }

    return found ? found : (void *)refuse;
}

__attribute__((constructor)) static void choose(void)
{
    void *library = engine();
#define FILL(name) slot_##name = target(library, #name);
    EXPORTS(FILL)
}
