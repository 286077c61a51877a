Console.WriteLine("sweep");
