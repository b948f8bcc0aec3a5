using System.Text;
using PureHDF;

namespace Polyad.Cli.Tests;

/// <summary>Writes HDF5 files as h5py lays them out, and .mat files as MATLAB does: a block of 512 bytes of its own in front, every dataset with its class as an attribute.</summary>
internal static class HierarchicalFile
{
    private const int UserBlock = 512;

    /// <summary>Where the superblock, version 2 or 3, holds the address that all others are relative to.</summary>
    private const int BaseAddress = 12;

    public static H5Dataset Variable(Array values, string matlabClass)
    {
        H5Dataset dataset = new(values);
        dataset.Attributes["MATLAB_class"] = matlabClass;
        return dataset;
    }

    public static void WriteMat(string path, H5File content)
    {
        content.Write(path);
        byte[] inner = File.ReadAllBytes(path), whole = new byte[UserBlock + inner.Length];
        Encoding.ASCII.GetBytes("MATLAB 7.3 MAT-file, Platform: GLNXA64, HDF5 schema 1.00 .").CopyTo(whole, 0);
        inner.CopyTo(whole, UserBlock);
        BitConverter.GetBytes((ulong)UserBlock).CopyTo(whole, UserBlock + BaseAddress);
        File.WriteAllBytes(path, whole);
    }
}
