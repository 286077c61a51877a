namespace Sweep.silo;
