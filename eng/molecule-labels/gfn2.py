"""GFN2-xTB energies and forces in this process, through the C interface of libxtb (Debian package libxtb6; the same code and
version as the program `xtb`, checked against it by check.py). A call costs a few milliseconds; starting the program costs more than that."""
import ctypes, os
import numpy as np

HARTREE = 27.211386245988  # eV, CODATA 2018
BOHR = 0.529177210903  # angstrom, CODATA 2018
NUMBER = {"H": 1, "C": 6, "O": 8}

_library = None


def library():
    global _library
    if _library is None:
        _library = ctypes.CDLL(os.environ.get("LIBXTB", "libxtb.so.6"))
        for name in ("xtb_newEnvironment", "xtb_newCalculator", "xtb_newResults", "xtb_newMolecule"):
            getattr(_library, name).restype = ctypes.c_void_p
    return _library


class Gfn2:
    """One molecule (neutral, closed-shell occupation smeared at 300 K, the program's defaults); positions may change."""

    def __init__(self, symbols):
        self.symbols, self.molecule = list(symbols), None
        lib = library()
        self.environment = ctypes.c_void_p(lib.xtb_newEnvironment())
        lib.xtb_setVerbosity(self.environment, 0)
        self.calculator = ctypes.c_void_p(lib.xtb_newCalculator())
        self.results = None
        self.failed = 0

    def __call__(self, positions, fresh=True):
        """Energy (eV) and forces (eV/angstrom), or None when the charges do not converge.
        fresh=False starts from the last wave function: faster along a path, but where two electronic states cross the answer
        may depend on the way there, so labels are always computed with fresh=True."""
        lib, count = library(), len(self.symbols)
        x = np.ascontiguousarray(positions / BOHR)
        if self.molecule is None:
            z = np.array([NUMBER[s] for s in self.symbols], dtype=np.int32)
            n, charge, unpaired = ctypes.c_int(count), ctypes.c_double(0), ctypes.c_int(0)
            self.molecule = ctypes.c_void_p(lib.xtb_newMolecule(self.environment, ctypes.byref(n), pointer(z), pointer(x), ctypes.byref(charge), ctypes.byref(unpaired), None, None))
            lib.xtb_loadGFN2xTB(self.environment, self.molecule, self.calculator, None)
        else:
            lib.xtb_updateMolecule(self.environment, self.molecule, pointer(x), None)
        if fresh or self.results is None:
            self.forget()
            self.results = ctypes.c_void_p(lib.xtb_newResults())
        lib.xtb_singlepoint(self.environment, self.molecule, self.calculator, self.results)
        energy, gradient = ctypes.c_double(), np.zeros((count, 3))
        error = lib.xtb_checkEnvironment(self.environment)
        if not error:
            lib.xtb_getEnergy(self.environment, self.results, ctypes.byref(energy))
            lib.xtb_getGradient(self.environment, self.results, pointer(gradient))
            error = lib.xtb_checkEnvironment(self.environment)
        if error or not np.isfinite(energy.value) or not np.isfinite(gradient).all():
            self.close()  # the error stays in the environment: begin anew
            self.__init__(self.symbols)
            return None
        return energy.value * HARTREE, -gradient * (HARTREE / BOHR)

    def forget(self):
        if self.results is not None:
            library().xtb_delResults(ctypes.byref(self.results))
            self.results = None

    def close(self):
        self.forget()
        lib = library()
        if self.molecule is not None:
            lib.xtb_delMolecule(ctypes.byref(self.molecule))
            self.molecule = None
        lib.xtb_delCalculator(ctypes.byref(self.calculator))
        lib.xtb_delEnvironment(ctypes.byref(self.environment))


def pointer(array):
    return array.ctypes.data_as(ctypes.c_void_p)
