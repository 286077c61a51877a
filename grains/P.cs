namespace Sweep.grains;
